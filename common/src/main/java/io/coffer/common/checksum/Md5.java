package io.coffer.common.checksum;

import java.nio.ByteBuffer;

/** MD5: no protection against anybody, but S3's ETag and Content-MD5. */
public final class Md5 {
    public static final int DIGEST_BYTES = 16;

    private static final Md5Lanes LANES = new Md5Lanes(Md5Lanes.PROBE::vectorIsFaster);

    private Md5() {}

    /** For what is short, or alone. */
    public static Checksummer newChecksummer() {
        return JdkDigest.of("MD5");
    }

    /**
     * For an object among others: from six at a time on they are hashed side by side, eight at two thirds of the cost, sixty-four
     * at a quarter. Best given what arrives as it arrives, some 64 KiB at a time.
     *
     * @param expectedBytes about how long it is; {@link Long#MAX_VALUE} when nobody knows
     */
    public static Md5Stream newStream(long expectedBytes) {
        return LANES.newStream(expectedBytes);
    }

    /** A stream of its own. */
    static final class Alone implements Md5Stream {
        private final Checksummer checksummer = newChecksummer();
        private final Runnable onClose;
        private boolean closed;

        Alone(Runnable onClose) {
            this.onClose = onClose;
        }

        @Override
        public void update(ByteBuffer data) {
            checksummer.update(data);
        }

        @Override
        public void update(byte[] data, int offset, int length) {
            checksummer.update(data, offset, length);
        }

        @Override
        public byte[] digest() {
            return checksummer.digest();
        }

        @Override
        public void reset() {
            checksummer.reset();
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                onClose.run();
            }
        }
    }
}
