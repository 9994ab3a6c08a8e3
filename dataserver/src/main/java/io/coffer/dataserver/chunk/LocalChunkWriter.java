package io.coffer.dataserver.chunk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.io.NoSpaceException;
import io.coffer.dataserver.disk.CommitOutcome;
import io.coffer.dataserver.disk.CommitTicket;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * Writes one record, from the caller's thread, and hands it to the committer. The bytes' checksums are computed as they pass and
 * compared with the sender's.
 */
final class LocalChunkWriter implements ChunkWriter {
    private final LocalDisk disk;
    private final ChunkDescriptor descriptor;
    private final long version;
    private final Region region;
    private final RecordSink sink;
    private final Ending ending;
    private final BlockChecksums checksums = new BlockChecksums();
    private boolean over;

    /** How a writer ends: exactly one of the last two is called, once. */
    interface Ending {
        /** Called first by a commit, which fails with what it throws. */
        void admit() throws ChunkException;

        /** The record is durable, as the entry says; on the committer's thread. */
        void durable(ChunkEntry entry, Region region);

        /** Nothing was kept. */
        void gone();
    }

    /** @param version 0 for a new one */
    LocalChunkWriter(
            LocalDisk disk,
            ChunkMemory memory,
            ChunkDescriptor descriptor,
            long version,
            Region region,
            Ending ending) {
        this.disk = disk;
        this.descriptor = descriptor;
        this.version = version;
        this.region = region;
        this.sink = RecordSink.of(disk, memory, region, descriptor.length());
        this.ending = ending;
    }

    @Override
    public void write(ByteBuffer data) throws ChunkException {
        requireOpen();
        if (checksums.bytes() + data.remaining() > descriptor.length()) {
            abandon();
            throw new ChunkException(
                    ChunkError.CHECKSUM_MISMATCH, "more than the announced " + descriptor.length() + " bytes");
        }
        try {
            checksums.update(data.duplicate());
            sink.write(data);
        } catch (IOException e) {
            ChunkException failure = failure(e);
            abandon();
            throw failure;
        }
    }

    private void requireOpen() throws ChunkException {
        if (over) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "the chunk's writer is closed");
        }
    }

    private ChunkException failure(IOException e) {
        return switch (e) {
            case ChunkException known -> known;
            case NoSpaceException full -> disk.health().allocationFailed(full);
            default -> disk.health().writeFailed(e);
        };
    }

    @Override
    public CompletableFuture<Void> commit(int[] blockChecksums) {
        try {
            requireOpen();
            requireComplete(blockChecksums);
            ending.admit();
        } catch (ChunkException e) {
            abandon();
            return CompletableFuture.failedFuture(e);
        }
        CommitTicket ticket = disk.begin();
        boolean written = false;
        RecordHeader header = header(ticket);
        try {
            sink.finish(header, blockChecksums);
            written = true;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(failure(e));
        } finally {
            if (!written) {
                disk.cancel(ticket);
                abandon();
            }
        }
        over = true;
        sink.release();
        Committed committed = new Committed(ChunkEntry.of(
                header, (RecordContent.Chunk) header.content(), ChunkEntry.State.LIVE, blockChecksums.clone()));
        disk.commit(region, ticket, committed);
        return committed.future;
    }

    private void requireComplete(int[] blockChecksums) throws ChunkException {
        if (checksums.bytes() != descriptor.length()) {
            throw new ChunkException(
                    ChunkError.CHECKSUM_MISMATCH,
                    checksums.bytes() + " bytes of the announced " + descriptor.length() + " arrived");
        }
        if (!Arrays.equals(checksums.result(), blockChecksums)) {
            throw new ChunkException(
                    ChunkError.CHECKSUM_MISMATCH,
                    "what arrived of " + ChunkKey.of(descriptor.address()) + " isn't what was sent");
        }
    }

    private RecordHeader header(CommitTicket ticket) {
        RecordContent.Chunk content = new RecordContent.Chunk(
                ChunkKey.of(descriptor.address()),
                descriptor.address().volumeEpoch(),
                version == 0 ? ticket.sequence() : version,
                descriptor.scheme(),
                descriptor.extentLength());
        return new RecordHeader(
                region.place(),
                region.header().stamp(),
                ticket.sequence(),
                ticket.durableBefore(),
                content,
                RecordLayout.dataOffset(descriptor.length()),
                descriptor.length());
    }

    /** Waits for the sync. */
    private final class Committed implements CommitOutcome {
        private final CompletableFuture<Void> future = new CompletableFuture<>();
        private final ChunkEntry entry;

        Committed(ChunkEntry entry) {
            this.entry = entry;
        }

        @Override
        public void durable() {
            ending.durable(entry, region);
            future.complete(null);
        }

        @Override
        public void failed(ChunkException why) {
            ending.gone();
            future.completeExceptionally(why);
        }
    }

    private void abandon() {
        if (!over) {
            over = true;
            sink.release();
            region.abandon();
            ending.gone();
        }
    }

    /** After a commit, nothing: its outcome is on its way. */
    @Override
    public void close() {
        abandon();
    }
}
