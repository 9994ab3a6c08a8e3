package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Payload;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.placement.VolumePlacement;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a body durable: inlined when it is small, else cut into extents, each written to all members of a volume. Hashes the
 * bytes as they pass. Thread-safe; runs on the request's thread and holds no memory beyond the buffer that the body lends.
 */
public final class ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectWriter.class);

    /** The longest an fsync may take before the write counts as failed. */
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

    /** How many volumes an extent tries before the client is told to come back. */
    private static final int MAX_VOLUMES_TRIED = 4;

    private final ClusterMapCache maps;
    private final ChunkStores stores;
    private final RepairRequests repairs;
    private final InstantSource clock;
    private final Supplier<RandomGenerator> random;
    private final Settings settings;
    private final AtomicLong turns = new AtomicLong();

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
            ClusterMapCache maps,
            ChunkStores stores,
            RepairRequests repairs,
            InstantSource clock,
            Supplier<RandomGenerator> random,
            Settings settings) {
        this.maps = maps;
        this.stores = stores;
        this.repairs = repairs;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
    }

    /**
     * Reads the body to its verified end and stores it.
     *
     * @param digests is shown every byte, in order; must not keep the buffer
     *
     * @throws S3Exception the body's own refusal, or SlowDown when no volume takes it; nothing is left behind
     */
    public StoredBody write(Bucket bucket, String key, ObjectBody body, Consumer<ByteBuffer> digests)
            throws S3Exception, IOException {
        long length = body.length();
        if (length < 0) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        return length <= settings.inlineLimit()
                ? inline(body, (int) length, digests)
                : extents(bucket, key, body, length, digests);
    }

    /** The protection policy under which a bucket's bytes are stored. */
    String policyOf(Bucket bucket) {
        return bucket.policy().isEmpty() ? settings.defaultPolicy() : bucket.policy();
    }

    private static StoredBody inline(ObjectBody body, int length, Consumer<ByteBuffer> digests)
            throws S3Exception, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            digests.accept(piece.duplicate());
            bytes.put(piece);
        }
        return new StoredBody(length, new Payload.Inline(bytes.flip()), () -> {});
    }

    private StoredBody extents(Bucket bucket, String key, ObjectBody body, long length, Consumer<ByteBuffer> digests)
            throws S3Exception, IOException {
        List<ExtentWriter> written = new ArrayList<>();
        List<ExtentSlice> slices = new ArrayList<>();
        boolean done = false;
        try {
            long left = length;
            ExtentWriter current = null;
            long room = 0;
            for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
                digests.accept(piece.duplicate());
                while (piece.hasRemaining()) {
                    if (current == null) {
                        room = Math.min(left, settings.extentLimit());
                        current = open(bucket, room);
                        written.add(current);
                        slices.add(new ExtentSlice(
                                current.extent(),
                                current.volume().id(),
                                MetadataService.partitionOf(bucket, key).group(),
                                room,
                                0,
                                room));
                    }
                    int take = (int) Math.min(piece.remaining(), room);
                    current.write(piece.slice(piece.position(), take));
                    piece.position(piece.position() + take);
                    left -= take;
                    room -= take;
                    if (room == 0) {
                        current.commit();
                        current = null;
                        awaitAllBut(1, written);
                    }
                }
            }
            awaitAllBut(0, written);
            done = true;
            return new StoredBody(length, new Payload.Extents(slices), () -> discard(slices));
        } catch (ChunkException e) {
            LOG.warn("a write of {} bytes to bucket {} failed: {}", length, bucket.name(), e.getMessage());
            throw new S3Exception(S3Error.SLOW_DOWN);
        } finally {
            written.forEach(ExtentWriter::close);
            if (!done) {
                discard(slices);
            }
        }
    }

    /** Waits for the commits of all extents but the last {@code open}, so that syncing and receiving overlap. */
    private static void awaitAllBut(int open, List<ExtentWriter> written) throws ChunkException {
        while (written.size() > open) {
            try (ExtentWriter first = written.getFirst()) {
                first.await(COMMIT_TIMEOUT);
            }
            written.removeFirst();
        }
    }

    private ExtentWriter open(Bucket bucket, long length) throws S3Exception, ChunkException {
        String policy = policyOf(bucket);
        Set<VolumeId> refused = new HashSet<>();
        ClusterMap map = maps.get();
        long turn = turns.getAndIncrement();
        ChunkException last = null;
        while (refused.size() < MAX_VOLUMES_TRIED) {
            Optional<Volume> volume = VolumePlacement.choose(map, policy, refused, turn, clock.millis());
            if (volume.isEmpty()) {
                break;
            }
            try {
                return ExtentWriter.open(
                        volume.get(), ExtentId.create(clock.millis(), random.get()), length, stores, repairs);
            } catch (ChunkException e) {
                last = e;
                refused.add(volume.get().id());
                map = maps.refresh();
            }
        }
        throw last != null
                ? last
                : new ChunkException(ChunkError.UNAVAILABLE, "no volume of policy " + policy + " takes writes");
    }

    /** Deletes what was written in vain. What can't be deleted now is found as an orphan later. */
    private void discard(List<ExtentSlice> slices) {
        for (ExtentSlice slice : slices) {
            Volume volume = volumeOf(slice);
            if (volume == null) {
                continue;
            }
            for (int index = 0; index < volume.members().size(); index++) {
                Member member = volume.members().get(index);
                Optional<ChunkStore> store = stores.of(member.node());
                if (store.isPresent()) {
                    try {
                        store.get()
                                .delete(new ChunkAddress(
                                        member.disk(), volume.id(), volume.epoch(), slice.extent(), index));
                    } catch (ChunkException e) {
                        LOG.debug("extent {} stays for the orphan collector: {}", slice.extent(), e.getMessage());
                    }
                }
            }
        }
    }

    private @Nullable Volume volumeOf(ExtentSlice slice) {
        try {
            return maps.get().volumes().get(slice.volume());
        } catch (S3Exception e) {
            return null;
        }
    }
}
