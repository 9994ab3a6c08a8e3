package io.coffer.common.metadata;

/**
 * What of a bucket's settings decides which data is kept. Its partitions have them too and go by their own, so that a gateway with an
 * old view of the bucket can't lose anything.
 *
 * @param revision the bucket's revision that brought them; 0 where nobody has told a partition yet, which then goes by what commands
 *     say
 */
public record PartitionSettings(Versioning versioning, ObjectLock lock, long revision) {
    /** Of a partition that was never told any. */
    public static final PartitionSettings UNTOLD = new PartitionSettings(Versioning.UNVERSIONED, ObjectLock.OFF, 0);

    /** What holds for a command that believes in {@code told}. */
    public Versioning versioning(Versioning told) {
        return revision == 0 ? told : versioning;
    }
}
