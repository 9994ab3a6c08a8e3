package io.coffer.common.cluster;

/** How an extent becomes chunks: {@code copies} whole copies, or {@code data + parity} coded pieces. */
public sealed interface ProtectionScheme {
    int MAX_COPIES = 5;

    /** The number of members of a volume of this scheme. */
    int width();

    /** The number of chunks that must be durable before a write is acknowledged. */
    int writeQuorum();

    /** Whole copies, each of the extent's length. Written {@code replica-3}. */
    record Replicated(int copies) implements ProtectionScheme {
        public Replicated {
            if (copies < 1 || copies > MAX_COPIES) {
                throw new IllegalArgumentException("copies must be 1 to " + MAX_COPIES + ": " + copies);
            }
        }

        @Override
        public int width() {
            return copies;
        }

        @Override
        public int writeQuorum() {
            return copies / 2 + 1;
        }

        @Override
        public String toString() {
            return "replica-" + copies;
        }
    }

    /** {@code data} pieces and {@code parity} pieces, each of one data-th of the extent. Written {@code ec-4+2}. */
    record ErasureCoded(int data, int parity) implements ProtectionScheme {
        public ErasureCoded {
            if (data < 2 || parity < 1 || data + parity > 32) {
                throw new IllegalArgumentException("not an erasure code: " + data + "+" + parity);
            }
        }

        @Override
        public int width() {
            return data + parity;
        }

        @Override
        public int writeQuorum() {
            return data + Math.max(1, (parity + 1) / 2);
        }

        @Override
        public String toString() {
            return "ec-" + data + "+" + parity;
        }
    }

    /**
     * Parses {@code replica-N} or {@code ec-K+M}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    static ProtectionScheme parse(String text) {
        try {
            if (text.startsWith("replica-")) {
                return new Replicated(Integer.parseInt(text.substring("replica-".length())));
            }
            int plus = text.indexOf('+');
            if (text.startsWith("ec-") && plus > 0) {
                return new ErasureCoded(
                        Integer.parseInt(text.substring("ec-".length(), plus)),
                        Integer.parseInt(text.substring(plus + 1)));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a protection scheme: " + text, e);
        }
        throw new IllegalArgumentException("not a protection scheme: " + text);
    }
}
