package io.coffer.common.checksum;

/**
 * The CRC of two runs of bytes put together, from the CRC of each: what a multipart object's FULL_OBJECT checksum is made
 * of. Takes the logarithm of the length in time.
 *
 * <p>All three CRCs here are reflected and complement the register before and after, and then
 * {@code crc(a ++ b) = crc(a) * x^(8 * length(b)) + crc(b)} over GF(2) modulo the polynomial: the complements cancel.
 */
public final class CrcCombine {
    private static final long CRC32_POLYNOMIAL = 0xedb88320L;
    private static final long CRC32C_POLYNOMIAL = 0x82f63b78L;

    private CrcCombine() {}

    /**
     * @param first CRC of the first run, in the low bits
     * @param second CRC of the second run
     * @param secondBytes length of the second run
     */
    public static long combine(ChecksumAlgorithm algorithm, long first, long second, long secondBytes) {
        if (secondBytes < 0) {
            throw new IllegalArgumentException("length " + secondBytes);
        }
        return switch (algorithm) {
            case CRC32 -> new Field(CRC32_POLYNOMIAL, Integer.SIZE).shift(first, secondBytes) ^ second;
            case CRC32C -> new Field(CRC32C_POLYNOMIAL, Integer.SIZE).shift(first, secondBytes) ^ second;
            case CRC64NVME -> new Field(Crc64Slicing.POLYNOMIAL, Long.SIZE).shift(first, secondBytes) ^ second;
            case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " can't be combined");
        };
    }

    /** The same on digests as {@link Checksummer#digest} returns them. */
    public static byte[] combine(ChecksumAlgorithm algorithm, byte[] first, byte[] second, long secondBytes) {
        long combined = combine(algorithm, number(algorithm, first), number(algorithm, second), secondBytes);
        byte[] digest = new byte[algorithm.digestBytes()];
        for (int i = digest.length - 1; i >= 0; i--) {
            digest[i] = (byte) combined;
            combined >>>= Byte.SIZE;
        }
        return digest;
    }

    private static long number(ChecksumAlgorithm algorithm, byte[] digest) {
        if (digest.length != algorithm.digestBytes()) {
            throw new IllegalArgumentException(algorithm + " digest of " + digest.length + " bytes");
        }
        long number = 0;
        for (byte b : digest) {
            number = number << Byte.SIZE | (b & 0xff);
        }
        return number;
    }

    /**
     * Polynomials modulo a CRC's, bit-reflected: the top bit is the coefficient of x^0.
     *
     * @param polynomial without its highest term
     */
    record Field(long polynomial, int bits) {

        /** {@code value * x^(8 * bytes)}. */
        long shift(long value, long bytes) {
            long result = value;
            long power = 1L << (bits - 1 - Byte.SIZE); // x^8
            for (long left = bytes; left != 0; left >>>= 1) {
                if ((left & 1) != 0) {
                    result = multiply(result, power);
                }
                power = multiply(power, power);
            }
            return result;
        }

        long multiply(long a, long b) {
            long product = 0;
            long shifted = b;
            for (int i = bits - 1; i >= 0; i--) {
                if ((a >>> i & 1) != 0) {
                    product ^= shifted;
                }
                shifted = (shifted >>> 1) ^ ((shifted & 1) == 0 ? 0 : polynomial);
            }
            return product;
        }
    }
}
