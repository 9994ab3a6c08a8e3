package io.coffer.metaserver.state;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.CrcCombine;
import io.coffer.common.checksum.Md5;
import io.coffer.common.metadata.BucketCommand.AppendObject;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Transaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Putting bytes behind an object's: https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-append.html. What
 * is there stays what it is, also where it is locked: a version's bytes never change, and in a bucket with versions it stays a version.
 */
final class AppendRules {
    private final ContentRules contents;

    AppendRules(ContentRules contents) {
        this.contents = contents;
    }

    Reply append(Transaction tx, Stamp stamp, AppendObject c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        for (StoredChecksum checksum : c.checksums()) {
            ObjectRules.checkChecksum(checksum);
        }
        if (c.size() < 1) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "nothing to append");
        }
        LockRules.requirePossible(scope, c.attributes().lock());
        KeyVersions versions = new KeyVersions(scope, c.key());
        StoredVersion current = versions.current();
        Conditions.check(c.condition(), current);
        long size = current == null ? 0 : current.size();
        if (c.offset() >= 0 && c.offset() != size) {
            throw new RefusedException(Refusal.WRONG_OFFSET, Long.toString(size));
        }
        // Of a payload of its own a command never makes anything but runs.
        Content.Runs added = (Content.Runs) contents.take(scope, c.payload(), c.size(), false);
        StoredVersion version = current == null ? first(scope, c, added) : longer(scope, c, current, added);
        versions.add(version);
        return new Reply.CompleteReply(
                version.id(),
                version.nullVersion(),
                version.etag(),
                version.size(),
                version.modifiedMillis(),
                version.checksum());
    }

    private static StoredVersion first(Scope scope, AppendObject c, Content added) {
        return new StoredVersion(
                scope.stamp().tick(),
                scope.versioning(c.versioning()) != Versioning.ENABLED,
                false,
                c.owner(),
                c.etag(),
                c.size(),
                0,
                c.checksums().isEmpty() ? null : c.checksums().getFirst(),
                LockRules.ofNew(scope, c.attributes()),
                added);
    }

    private static StoredVersion longer(Scope scope, AppendObject c, StoredVersion current, Content.Runs added)
            throws RefusedException {
        requireFitting(c, current);
        int parts = ChainRules.parts(current) + 1;
        if (parts > Limits.MAX_PARTS) {
            throw new RefusedException(Refusal.TOO_MANY_PARTS);
        }
        if (c.size() > Limits.MAX_OBJECT_BYTES - current.size()) {
            throw new RefusedException(Refusal.ENTITY_TOO_LARGE);
        }
        return new StoredVersion(
                scope.stamp().tick(),
                scope.versioning(c.versioning()) != Versioning.ENABLED,
                false,
                current.owner(),
                etag(List.of(current.etag(), c.etag()), parts),
                current.size() + c.size(),
                0,
                joined(current.checksum(), c.checksums(), c.size()),
                LockRules.ofNew(
                        scope, current.attributes().withLock(c.attributes().lock())),
                ChainRules.append(scope, current, added, parts));
    }

    private static void requireFitting(AppendObject c, StoredVersion current) throws RefusedException {
        if (!c.attributes().userMetadata().isEmpty()) {
            throw new RefusedException(
                    Refusal.INVALID_APPEND,
                    "Cannot specify both a write offset value and user-defined object metadata for existing objects.");
        }
        Encryption from = current.attributes().encryption();
        Encryption to = c.attributes().encryption();
        if (!Encryption.mayShare(from, to)) {
            throw new RefusedException(
                    Refusal.INVALID_APPEND, "The object is encrypted in another way than what is to be appended.");
        }
        StoredChecksum there = current.checksum();
        if (c.strict()
                && there != null
                && !c.checksums().isEmpty()
                && there.algorithm() != c.checksums().getFirst().algorithm()) {
            throw new RefusedException(
                    Refusal.INVALID_APPEND,
                    "Checksum Type mismatch occurred, expected checksum Type: " + name(there.algorithm())
                            + ", actual checksum Type: "
                            + name(c.checksums().getFirst().algorithm()));
        }
    }

    private static String name(ChecksumAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    /** Of what was put together from others: no MD5 of its bytes, and by its form none, as for objects of many parts. */
    static String etag(List<String> of, int parts) {
        Checksummer md5 = Md5.newChecksummer();
        for (String etag : of) {
            md5.update(ByteBuffer.wrap(etag.getBytes(StandardCharsets.US_ASCII)));
        }
        return HexFormat.of().formatHex(md5.digest()) + "-" + parts;
    }

    /** The checksum of two runs of bytes, in the algorithm of the first; null where there can't be one. */
    static @Nullable StoredChecksum joined(
            @Nullable StoredChecksum first, List<StoredChecksum> second, long secondBytes) {
        if (first == null || !isJoinable(first)) {
            return null;
        }
        ChecksumAlgorithm algorithm = first.algorithm();
        for (StoredChecksum checksum : second) {
            if (checksum.algorithm() == algorithm && checksum.type() == StoredChecksum.Type.FULL_OBJECT) {
                byte[] joined = CrcCombine.with(algorithm, secondBytes).combine(bytes(first), bytes(checksum));
                return new StoredChecksum(algorithm, StoredChecksum.Type.FULL_OBJECT, algorithm.encode(joined));
            }
        }
        return null;
    }

    /** Whether more bytes than it is of have one that can be told from it. */
    static boolean isJoinable(StoredChecksum checksum) {
        return checksum.type() == StoredChecksum.Type.FULL_OBJECT
                && checksum.algorithm() != ChecksumAlgorithm.SHA1
                && checksum.algorithm() != ChecksumAlgorithm.SHA256;
    }

    private static byte[] bytes(StoredChecksum checksum) {
        return checksum.algorithm().decode(checksum.value()).orElseThrow();
    }
}
