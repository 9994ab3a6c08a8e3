package io.coffer.common.checksum;

/**
 * Which bytes at the same places one block later leave the same CRC-64/NVME register as a bit of a block does; see
 * {@link Crc64Folding}.
 */
final class FoldingMatrix {
    private final int planes;
    private final int planeBytes;
    private final int blockBytes;

    /** What bit {@code i} of the byte in plane {@code p} leaves at the end of its block, at {@code p * 8 + i}. */
    private final long[] left;

    FoldingMatrix(int planes, int planeBytes, int blockBytes) {
        this.planes = planes;
        this.planeBytes = planeBytes;
        this.blockBytes = blockBytes;
        this.left = new long[Long.SIZE];
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long register = Crc64Slicing.updateByte(0, (byte) (1 << bit % Byte.SIZE));
            left[bit] = zeros(register, (planes - 1 - bit / Byte.SIZE) * planeBytes);
        }
    }

    private static long zeros(long register, int count) {
        long result = register;
        for (int i = 0; i < count; i++) {
            result = Crc64Slicing.updateByte(result, (byte) 0);
        }
        return result;
    }

    /** For plane {@code p} and bit {@code i} the eight bytes, that of plane {@code q} in bits {@code 8 * q} and up. */
    long[][] rows() {
        long[] made = inverse();
        long[][] rows = new long[planes][Byte.SIZE];
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long wanted = zeros(left[bit], blockBytes);
            for (int i = 0; i < Long.SIZE; i++) {
                rows[bit / Byte.SIZE][bit % Byte.SIZE] ^= (wanted >>> i & 1) == 0 ? 0 : made[i];
            }
        }
        return rows;
    }

    /** For each bit of the register the set of bits of a block that leaves just that one: Gauss and Jordan over GF(2). */
    private long[] inverse() {
        long[] registers = left.clone();
        long[] sets = new long[Long.SIZE];
        for (int i = 0; i < Long.SIZE; i++) {
            sets[i] = 1L << i;
        }
        for (int bit = 0; bit < Long.SIZE; bit++) {
            int pivot = pivot(registers, bit);
            swap(registers, bit, pivot);
            swap(sets, bit, pivot);
            for (int i = 0; i < Long.SIZE; i++) {
                if (i != bit && (registers[i] >>> bit & 1) != 0) {
                    registers[i] ^= registers[bit];
                    sets[i] ^= sets[bit];
                }
            }
        }
        return sets;
    }

    private int pivot(long[] registers, int bit) {
        for (int i = bit; i < Long.SIZE; i++) {
            if ((registers[i] >>> bit & 1) != 0) {
                return i;
            }
        }
        throw new IllegalStateException(planes + " planes of " + planeBytes + " bytes can't make every register");
    }

    private static void swap(long[] values, int a, int b) {
        long swapped = values[a];
        values[a] = values[b];
        values[b] = swapped;
    }
}
