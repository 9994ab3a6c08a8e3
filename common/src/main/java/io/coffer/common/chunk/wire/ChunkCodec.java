package io.coffer.common.chunk.wire;

import com.google.protobuf.ByteString;
import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.proto.rpc.ChunkMessages;
import io.coffer.proto.rpc.ChunkMessages.ChunkErrorCode;
import java.util.List;

/** What frames carry, to messages and back. What decodes throws IllegalArgumentException when the message makes no sense. */
public final class ChunkCodec {
    private static final int MAX_GUARD_BYTES = 4096;

    private static final int MAX_MESSAGE_CHARS = 1000;

    private ChunkCodec() {}

    public static ChunkMessages.Chunk encode(ChunkAddress chunk) {
        return ChunkMessages.Chunk.newBuilder()
                .setDisk(ClusterCodec.encode(chunk.disk().value()))
                .setVolume(chunk.volume().value())
                .setEpoch(chunk.volumeEpoch())
                .setExtent(ValueCodec.encode(chunk.extent()))
                .setIndex(chunk.index())
                .build();
    }

    public static ChunkAddress decode(ChunkMessages.Chunk m) {
        if (!m.hasDisk() || !m.hasExtent() || m.getIndex() < 0) {
            throw new IllegalArgumentException("a chunk without disk or extent");
        }
        return new ChunkAddress(
                new DiskId(ClusterCodec.uuid(m.getDisk())),
                new VolumeId(m.getVolume()),
                m.getEpoch(),
                ValueCodec.extent(m.getExtent()),
                m.getIndex());
    }

    public static ChunkMessages.ChunkInfo encode(ChunkDescriptor chunk) {
        return ChunkMessages.ChunkInfo.newBuilder()
                .setChunk(encode(chunk.address()))
                .setScheme(ClusterCodec.encode(chunk.scheme()))
                .setLength(chunk.length())
                .setExtentLength(chunk.extentLength())
                .build();
    }

    public static ChunkDescriptor decode(ChunkMessages.ChunkInfo m) {
        return new ChunkDescriptor(
                decode(m.getChunk()), ClusterCodec.decode(m.getScheme()), m.getLength(), m.getExtentLength());
    }

    public static ChunkMessages.Listed encode(ChunkPage page) {
        ChunkMessages.Listed.Builder m = ChunkMessages.Listed.newBuilder();
        page.chunks().forEach(chunk -> m.addChunks(encode(chunk)));
        if (page.next() != null) {
            m.setNext(ValueCodec.encode(page.next()));
        }
        return m.build();
    }

    public static ChunkPage decode(ChunkMessages.Listed m) {
        return new ChunkPage(
                m.getChunksList().stream().map(ChunkCodec::decode).toList(),
                m.hasNext() ? ValueCodec.extent(m.getNext()) : null);
    }

    public static ChunkMessages.Deleted encodeDeletions(List<Deletion> deletions) {
        ChunkMessages.Deleted.Builder m = ChunkMessages.Deleted.newBuilder();
        for (Deletion deletion : deletions) {
            ChunkMessages.Deleted.Outcome.Builder outcome =
                    m.addOutcomesBuilder().setExisted(deletion.existed());
            if (deletion.failure() != null) {
                outcome.setFailure(encode(deletion.failure()));
            }
        }
        return m.build();
    }

    public static List<Deletion> decode(ChunkMessages.Deleted m) {
        return m.getOutcomesList().stream()
                .map(outcome -> outcome.hasFailure()
                        ? Deletion.failed(decode(outcome.getFailure()))
                        : outcome.getExisted() ? Deletion.DELETED : Deletion.ABSENT)
                .toList();
    }

    public static ChunkMessages.DiskList encodeStatuses(List<DiskStatus> statuses) {
        ChunkMessages.DiskList.Builder m = ChunkMessages.DiskList.newBuilder();
        for (DiskStatus status : statuses) {
            m.addDisksBuilder()
                    .setDisk(ClusterCodec.encode(status.disk().value()))
                    .setPath(status.path())
                    .setState(ClusterCodec.encode(status.state()))
                    .setTotalBytes(status.totalBytes())
                    .setFreeBytes(status.freeBytes())
                    .setLiveBytes(status.liveBytes())
                    .setSequence(status.sequence())
                    .setReason(status.reason());
        }
        return m.build();
    }

    public static List<DiskStatus> decode(ChunkMessages.DiskList m) {
        return m.getDisksList().stream()
                .map(status -> new DiskStatus(
                        new DiskId(ClusterCodec.uuid(status.getDisk())),
                        status.getPath(),
                        ClusterCodec.decode(status.getState()),
                        status.getTotalBytes(),
                        status.getFreeBytes(),
                        status.getLiveBytes(),
                        status.getSequence(),
                        status.getReason()))
                .toList();
    }

    public static ChunkMessages.Failure encode(ChunkException failure) {
        return failure(code(failure.error()), String.valueOf(failure.getMessage()));
    }

    /** The caller's bug. */
    public static ChunkMessages.Failure badRequest(String message) {
        return failure(ChunkErrorCode.BAD_REQUEST, message);
    }

    private static ChunkMessages.Failure failure(ChunkErrorCode code, String message) {
        return ChunkMessages.Failure.newBuilder()
                .setError(code)
                .setMessage(message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS)))
                .build();
    }

    private static ChunkErrorCode code(ChunkError error) {
        return switch (error) {
            case NOT_FOUND -> ChunkErrorCode.NOT_FOUND;
            case CORRUPT -> ChunkErrorCode.CORRUPT;
            case CHECKSUM_MISMATCH -> ChunkErrorCode.CHECKSUM_MISMATCH;
            case STALE_EPOCH -> ChunkErrorCode.STALE_EPOCH;
            case EXISTS -> ChunkErrorCode.EXISTS;
            case DISK_FULL -> ChunkErrorCode.DISK_FULL;
            case READ_ONLY -> ChunkErrorCode.READ_ONLY;
            case DISK_FAILED -> ChunkErrorCode.DISK_FAILED;
            case OVERLOADED -> ChunkErrorCode.OVERLOADED;
            case UNAVAILABLE -> ChunkErrorCode.UNAVAILABLE;
        };
    }

    public static ChunkMessages.Located encode(LocatedChunk located) {
        ChunkMessages.Located.Builder m = ChunkMessages.Located.newBuilder()
                .setPath(located.path())
                .setOffset(located.offset())
                .setLength(located.length())
                .setGuard(ByteString.copyFrom(located.guard().duplicate()));
        for (int checksum : located.checksums()) {
            m.addChecksums(checksum);
        }
        return m.build();
    }

    /** @throws IllegalArgumentException if it can't be */
    public static LocatedChunk decode(ChunkMessages.Located m) {
        int[] checksums =
                m.getChecksumsList().stream().mapToInt(Integer::intValue).toArray();
        boolean plausible = m.getOffset() >= 0
                && m.getLength() >= 0
                && m.getLength() <= ChunkDescriptor.MAX_LENGTH
                && checksums.length == BlockChecksums.blocksIn(m.getLength())
                && m.getGuard().size() >= LocatedChunk.MIN_GUARD_BYTES
                && m.getGuard().size() <= MAX_GUARD_BYTES;
        if (!plausible) {
            throw new IllegalArgumentException("a place of a chunk that can't be");
        }
        return new LocatedChunk(
                m.getPath(),
                m.getOffset(),
                m.getLength(),
                checksums,
                m.getGuard().asReadOnlyByteBuffer());
    }

    public static boolean isBadRequest(ChunkMessages.Failure m) {
        return m.getError() == ChunkErrorCode.BAD_REQUEST;
    }

    /** An error that this side doesn't know counts as UNAVAILABLE, which everybody can handle. */
    public static ChunkException decode(ChunkMessages.Failure m) {
        ChunkError error = switch (m.getError()) {
            case NOT_FOUND -> ChunkError.NOT_FOUND;
            case CORRUPT -> ChunkError.CORRUPT;
            case CHECKSUM_MISMATCH -> ChunkError.CHECKSUM_MISMATCH;
            case STALE_EPOCH -> ChunkError.STALE_EPOCH;
            case EXISTS -> ChunkError.EXISTS;
            case DISK_FULL -> ChunkError.DISK_FULL;
            case READ_ONLY -> ChunkError.READ_ONLY;
            case DISK_FAILED -> ChunkError.DISK_FAILED;
            case OVERLOADED -> ChunkError.OVERLOADED;
            case UNAVAILABLE, BAD_REQUEST, NO_CHUNK_ERROR, UNRECOGNIZED -> ChunkError.UNAVAILABLE;
        };
        return new ChunkException(error, m.getMessage());
    }
}
