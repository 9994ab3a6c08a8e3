package io.coffer.gateway.payload;

import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Seal;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Seals one body, run by run, with a data key of its own. Used by one thread. */
public final class BodySealer {
    private final DataKey key;
    private final DataSeal.Wrapper wrapper;
    private final byte[] wrapped;
    private final SecureRandom random;
    private final @Nullable Newest newest;
    private int runs;

    /** Finds the newest version of the key that has wrapped the body's data key. */
    @FunctionalInterface
    public interface Newest {
        WrappingKey find() throws S3Exception;
    }

    BodySealer(DataKey key, DataSeal.Wrapper wrapper, byte[] wrapped, SecureRandom random, @Nullable Newest newest) {
        this.key = key;
        this.wrapper = wrapper;
        this.wrapped = wrapped;
        this.random = random;
        this.newest = newest;
    }

    /** What was sealed, under the newest version of its key: the one from the body's beginning is being replaced. */
    public Payload renewed(Payload payload) throws S3Exception {
        if (newest == null) {
            return payload;
        }
        try {
            WrappingKey now = newest.find();
            byte[] again = now.wrap(key, random);
            return switch (payload) {
                case Payload.Inline(ByteBuffer bytes, Seal seal) ->
                    new Payload.Inline(bytes, renewed(seal, now.name(), again));
                case Payload.Extents(List<ExtentSlice> slices) -> {
                    List<ExtentSlice> all = new ArrayList<>(slices.size());
                    for (ExtentSlice slice : slices) {
                        all.add(slice.withSeal(renewed(slice.seal(), now.name(), again)));
                    }
                    yield new Payload.Extents(all);
                }
                case Payload.Shared _, Payload.Assembled _ -> payload;
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("what was sealed here isn't known any more", e);
        }
    }

    private static Seal renewed(Seal seal, DataSeal.Wrapper wrapper, byte[] wrapped) throws GeneralSecurityException {
        return seal.isNone()
                ? seal
                : new DataSeal(wrapper, wrapped, DataSeal.of(seal).run()).toSeal();
    }

    /** Begins the body's next run, of {@code length} bytes, at least 1. */
    public Run run(long length) {
        return new Run(new DataSeal(wrapper, wrapped, runs++), length);
    }

    /** A run of the body. Give it all its bytes by {@link #next}, then ask for the {@link #tags}. */
    public final class Run {
        private final Seal seal;
        private final BlockCipher cipher;
        private final ByteBuffer tags;
        private final byte[] plain;
        private final byte[] sealed;
        private long left;
        private int filled;
        private int block;

        private Run(DataSeal seal, long length) {
            this.seal = seal.toSeal();
            this.cipher = BlockCipher.sealing(key, seal.run(), length);
            this.tags = ByteBuffer.allocate(Math.toIntExact(SealedLayout.tagBytes(length)));
            int longest = (int) Math.min(length, SealedLayout.BLOCK_BYTES);
            this.plain = new byte[longest];
            this.sealed = new byte[longest + SealedLayout.TAG_BYTES];
            this.left = length;
        }

        public Seal seal() {
            return seal;
        }

        /**
         * Takes bytes out of the buffer until a block is full, or the run.
         *
         * @return the block, sealed, until the next call; null when the buffer ends before it
         */
        public @Nullable ByteBuffer next(ByteBuffer data) {
            int size = (int) Math.min(left, plain.length);
            int take = Math.min(size - filled, data.remaining());
            data.get(plain, filled, take);
            filled += take;
            if (filled < size || size == 0) {
                return null;
            }
            try {
                cipher.apply(block, plain, size, sealed);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("sealing can't fail", e);
            }
            tags.put(sealed, size, SealedLayout.TAG_BYTES);
            block++;
            filled = 0;
            left -= size;
            return ByteBuffer.wrap(sealed, 0, size);
        }

        /** What follows the run's blocks, once all were made. */
        public ByteBuffer tags() {
            if (left != 0) {
                throw new IllegalStateException(left + " bytes are missing");
            }
            return tags.flip();
        }
    }
}
