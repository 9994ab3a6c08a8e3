package io.coffer.common.checksum;

/**
 * The CRC of two runs of bytes put together, from the CRC of each: what a multipart object's FULL_OBJECT checksum is made
 * of. Made for one length of the second run, in the logarithm of it in time; then a combination takes one multiplication,
 * however long the run. Immutable.
 *
 * <p>All three CRCs here are reflected and complement the register before and after, and then
 * {@code crc(a ++ b) = crc(a) * x^(8 * length(b)) + crc(b)} over GF(2) modulo the polynomial: the complements cancel.
 */
public final class CrcCombine {
    private static final long CRC32_POLYNOMIAL = 0xedb88320L;
    private static final long CRC32C_POLYNOMIAL = 0x82f63b78L;

    private final ChecksumAlgorithm algorithm;
    private final Field field;
    private final long secondBytes;

    /** x^(8 * secondBytes). */
    private final long power;

    private CrcCombine(ChecksumAlgorithm algorithm, Field field, long secondBytes) {
        this.algorithm = algorithm;
        this.field = field;
        this.secondBytes = secondBytes;
        this.power = field.power(secondBytes);
    }

    /** @param secondBytes length of the second runs */
    public static CrcCombine with(ChecksumAlgorithm algorithm, long secondBytes) {
        if (secondBytes < 0) {
            throw new IllegalArgumentException("length " + secondBytes);
        }
        Field field = switch (algorithm) {
            case CRC32 -> new Field(CRC32_POLYNOMIAL, Integer.SIZE);
            case CRC32C -> new Field(CRC32C_POLYNOMIAL, Integer.SIZE);
            case CRC64NVME -> new Field(Crc64Slicing.POLYNOMIAL, Long.SIZE);
            case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " can't be combined");
        };
        return new CrcCombine(algorithm, field, secondBytes);
    }

    /** The length of second runs that this is made for. */
    public long secondBytes() {
        return secondBytes;
    }

    /**
     * @param first CRC of the first run, in the low bits
     * @param second CRC of the second run
     */
    public long combine(long first, long second) {
        return field.multiply(first, power) ^ second;
    }

    /** The same on digests as {@link Checksummer#digest} returns them. */
    public byte[] combine(byte[] first, byte[] second) {
        long combined = combine(number(first), number(second));
        byte[] digest = new byte[algorithm.digestBytes()];
        for (int i = digest.length - 1; i >= 0; i--) {
            digest[i] = (byte) combined;
            combined >>>= Byte.SIZE;
        }
        return digest;
    }

    private long number(byte[] digest) {
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

        /** {@code x^(8 * bytes)}. */
        long power(long bytes) {
            long result = 1L << (bits - 1); // x^0
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
            // Without branches, which bits of a checksum would mispredict.
            for (int i = bits - 1; i >= 0; i--) {
                product ^= shifted & -(a >>> i & 1);
                shifted = (shifted >>> 1) ^ (polynomial & -(shifted & 1));
            }
            return product;
        }
    }
}
