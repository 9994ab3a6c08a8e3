package io.coffer.metaserver.model;

import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;

/** Something whose bytes are to be given back, piece by piece, when its time comes. */
public sealed interface ReleaseTask {
    /** The content of a removed version or replaced part. */
    record RetiredContent(long id) implements ReleaseTask {}

    /** The parts of an aborted upload. */
    record UploadParts(UploadId upload) implements ReleaseTask {}

    /** The last piece of a chain, if nothing ends with it, and those before it of which that is then true as well. */
    record ChainEnd(long chain, long end) implements ReleaseTask {}

    /** What was answered to a request with a client's token. */
    record ClientTokenRow(long high, long low) implements ReleaseTask {}

    /** The parts of an assembly that nothing refers to, and the assembly. */
    record AssemblyParts(UploadId upload) implements ReleaseTask {}

    /** The uploads that were in progress when a partition was closed. */
    record PartitionUploads(PartitionId partition) implements ReleaseTask {}
}
