package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.id.GroupId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Seal;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.BodySealer;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.SealedLayout;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a body durable: inlined when it is small, else cut into extents, each written to all members of a volume. Hashes the
 * bytes as they pass, and seals them if asked. Thread-safe; runs on the request's thread and holds no memory beyond the buffer that the body lends.
 */
public final class ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectWriter.class);

    /** Of zeros that are written at once. What ends early ends within the bytes of a form that aren't its file's: 20 KiB. */
    private static final int FILLING_BYTES = 32 << 10;

    private final ExtentPlacer placer;
    private final Settings settings;
    private final long sealedRoom;

    /**
     * @param inlineLimit the longest body that goes into metadata, in bytes
     * @param extentLimit the longest extent, in bytes
     * @param defaultPolicy the protection policy of buckets that name none
     */
    public record Settings(int inlineLimit, long extentLimit, String defaultPolicy) {
        public Settings {
            if (extentLimit < 1 || extentLimit > ChunkDescriptor.MAX_LENGTH) {
                throw new IllegalArgumentException("extent limit out of range: " + extentLimit);
            }
        }
    }

    public ObjectWriter(
            ChunkPlaces places,
            DegradedWrites degraded,
            InstantSource clock,
            Supplier<RandomGenerator> random,
            Settings settings) {
        this.placer = new ExtentPlacer(places, degraded, clock, random);
        this.settings = settings;
        this.sealedRoom = sealedRoom(settings.extentLimit());
    }

    /** Bytes of a sealed extent: whole reads where that is possible, because reads that end where buffers do are cheapest. */
    private static long sealedRoom(long extentLimit) {
        long fits = SealedLayout.openLength(extentLimit);
        return fits < BufferPool.DEFAULT_DATA_BYTES ? fits : fits - fits % BufferPool.DEFAULT_DATA_BYTES;
    }

    /** Stores a body that isn't encrypted. */
    public StoredBody write(Bucket bucket, String key, ObjectBody body, Consumer<ByteBuffer> digests)
            throws S3Exception, IOException {
        return write(bucket, key, body, digests, null);
    }

    /**
     * Reads the body to its verified end and stores it.
     *
     * @param digests is shown every byte, in order and as it came; must not keep the buffer
     * @param sealer encrypts the bytes; null to store them as they are
     *
     * @throws S3Exception the body's own refusal, or SlowDown when no volume takes it; nothing is left behind
     */
    public StoredBody write(
            Bucket bucket, String key, ObjectBody body, Consumer<ByteBuffer> digests, @Nullable BodySealer sealer)
            throws S3Exception, IOException {
        long length = body.length();
        if (length < 0) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        return length <= settings.inlineLimit()
                ? inline(body, (int) length, digests, sealer)
                : extents(bucket, key, body, length, digests, sealer);
    }

    /** Extents that were written again to another volume because a member failed, since the start. */
    public long reroutes() {
        return placer.moves();
    }

    /** The protection policy under which a bucket's bytes are stored. */
    public String policyOf(Bucket bucket) {
        return bucket.policy().isEmpty() ? settings.defaultPolicy() : bucket.policy();
    }

    private static StoredBody inline(
            ObjectBody body, int length, Consumer<ByteBuffer> digests, @Nullable BodySealer sealer)
            throws S3Exception, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            digests.accept(piece.duplicate());
            bytes.put(piece);
        }
        bytes.flip();
        Payload payload = sealer == null || !bytes.hasRemaining()
                ? new Payload.Inline(bytes)
                : sealed(bytes.duplicate(), sealer.run(bytes.remaining()));
        return new StoredBody(bytes.remaining(), payload, () -> {}, sealer);
    }

    private static Payload sealed(ByteBuffer bytes, BodySealer.Run run) {
        ByteBuffer sealed = ByteBuffer.allocate((int) SealedLayout.sealedLength(bytes.remaining()));
        for (ByteBuffer block = run.next(bytes); block != null; block = run.next(bytes)) {
            sealed.put(block);
        }
        sealed.put(run.tags());
        return new Payload.Inline(sealed.flip(), run.seal());
    }

    private StoredBody extents(
            Bucket bucket,
            String key,
            ObjectBody body,
            long length,
            Consumer<ByteBuffer> digests,
            @Nullable BodySealer sealer)
            throws S3Exception, IOException {
        String policy = policyOf(bucket);
        Sequence extents = new Sequence(policy, length, sealer);
        boolean done = false;
        try {
            for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
                digests.accept(piece.duplicate());
                extents.write(piece);
            }
            if (body.mayBeShorter()) {
                extents.fillLast();
            }
            extents.awaitAllBut(0);
            GroupId owner = MetadataService.partitionOf(bucket, key).group();
            Payload payload = extents.payload(owner);
            done = true;
            return new StoredBody(extents.written(), payload, extents::discard, sealer);
        } catch (ChunkException e) {
            LOG.warn("a write of {} bytes to bucket {} failed: {}", length, bucket.name(), e.getMessage());
            throw new S3Exception(S3Error.SLOW_DOWN);
        } finally {
            extents.close();
            if (!done) {
                extents.discard();
            }
        }
    }

    /** The extents of one body. Used by one thread. */
    private final class Sequence implements AutoCloseable {
        private final String policy;
        private final @Nullable BodySealer sealer;
        private final List<PlacedExtent> extents = new ArrayList<>();
        private @Nullable PlacedExtent current;
        private final long length;
        private BodySealer.@Nullable Run run;
        private int settled;
        private long left;
        private long room;

        /** Bytes behind the body's in the last extent. */
        private long filled;

        Sequence(String policy, long length, @Nullable BodySealer sealer) {
            this.policy = policy;
            this.sealer = sealer;
            this.length = length;
            this.left = length;
        }

        void write(ByteBuffer piece) throws S3Exception, ChunkException {
            while (piece.hasRemaining()) {
                PlacedExtent open = current == null ? open() : current;
                int take = (int) Math.min(piece.remaining(), room);
                write(open, piece.slice(piece.position(), take));
                piece.position(piece.position() + take);
                left -= take;
                room -= take;
                if (room == 0) {
                    end(open);
                    awaitAllBut(1);
                }
            }
        }

        private PlacedExtent open() throws S3Exception, ChunkException {
            PlacedExtent open;
            if (sealer == null) {
                room = Math.min(left, settings.extentLimit());
                open = new PlacedExtent(placer, policy, room, Seal.NONE);
            } else {
                room = Math.min(left, sealedRoom);
                run = sealer.run(room);
                open = new PlacedExtent(placer, policy, SealedLayout.sealedLength(room), run.seal());
            }
            current = open;
            extents.add(open);
            return open;
        }

        private void write(PlacedExtent open, ByteBuffer piece) throws S3Exception, ChunkException {
            BodySealer.Run sealing = run;
            if (sealing == null) {
                open.write(piece);
                return;
            }
            for (ByteBuffer block = sealing.next(piece); block != null; block = sealing.next(piece)) {
                open.write(block);
            }
        }

        /** All its bytes are there. */
        private void end(PlacedExtent open) throws S3Exception, ChunkException {
            if (run != null) {
                open.write(run.tags());
            }
            open.commit();
            current = null;
        }

        /** A body that ended early leaves an extent that was announced longer: the rest of it is no part of the object. */
        void fillLast() throws S3Exception, ChunkException {
            PlacedExtent open = current;
            if (open == null) {
                return;
            }
            filled = room;
            ByteBuffer nothing = ByteBuffer.allocate((int) Math.min(room, FILLING_BYTES));
            while (room > 0) {
                int take = (int) Math.min(room, nothing.capacity());
                write(open, nothing.slice(0, take));
                room -= take;
            }
            end(open);
        }

        long written() {
            return length - left;
        }

        /** Waits until all extents count but the last {@code open}, so that syncing and receiving overlap. */
        void awaitAllBut(int open) throws ChunkException, S3Exception {
            while (extents.size() - settled > open) {
                extents.get(settled).await();
                settled++;
            }
        }

        Payload payload(GroupId owner) {
            if (extents.isEmpty()) {
                return new Payload.Inline(ByteBuffer.allocate(0));
            }
            List<ExtentSlice> slices = new ArrayList<>(extents.size());
            for (PlacedExtent extent : extents) {
                slices.add(extent.slice(owner, extent == extents.getLast() ? filled : 0));
            }
            return new Payload.Extents(slices);
        }

        void discard() {
            extents.forEach(PlacedExtent::discard);
        }

        @Override
        public void close() {
            extents.forEach(PlacedExtent::close);
        }
    }
}
