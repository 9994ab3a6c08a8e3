package io.coffer.common.checksum;

import java.nio.ByteBuffer;

/**
 * CRC-64/NVME eight bytes at a time, through eight tables of 256 (16 KiB, half of a first-level cache).
 *
 * <p>Works on the register as it is between two bytes: bit-reflected, before the final complement. {@code TABLES[k][b]} is
 * what byte {@code b} leaves behind when {@code k} zero bytes follow it.
 */
final class Crc64Slicing {
    /** The polynomial 0xad93d23594c93659, bit-reflected. */
    static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;

    private static final int SLICES = 8;
    private static final long[][] TABLES = tables();

    private static final long[] T0 = TABLES[0];
    private static final long[] T1 = TABLES[1];
    private static final long[] T2 = TABLES[2];
    private static final long[] T3 = TABLES[3];
    private static final long[] T4 = TABLES[4];
    private static final long[] T5 = TABLES[5];
    private static final long[] T6 = TABLES[6];
    private static final long[] T7 = TABLES[7];

    private Crc64Slicing() {}

    private static long[][] tables() {
        long[][] tables = new long[SLICES][256];
        for (int b = 0; b < 256; b++) {
            long register = b;
            for (int bit = 0; bit < 8; bit++) {
                register = (register >>> 1) ^ ((register & 1) == 0 ? 0 : POLYNOMIAL);
            }
            tables[0][b] = register;
        }
        for (int b = 0; b < 256; b++) {
            for (int slice = 1; slice < SLICES; slice++) {
                long before = tables[slice - 1][b];
                tables[slice][b] = tables[0][(int) before & 0xff] ^ (before >>> 8);
            }
        }
        return tables;
    }

    /** @param data little-endian; read from {@code from} to {@code to} by index */
    static long update(long register, ByteBuffer data, int from, int to) {
        long crc = register;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            crc = fold(crc ^ data.getLong(at));
        }
        for (; at < to; at++) {
            crc = T0[(int) (crc ^ data.get(at)) & 0xff] ^ (crc >>> 8);
        }
        return crc;
    }

    private static long fold(long word) {
        return T7[(int) word & 0xff]
                ^ T6[(int) (word >>> 8) & 0xff]
                ^ T5[(int) (word >>> 16) & 0xff]
                ^ T4[(int) (word >>> 24) & 0xff]
                ^ T3[(int) (word >>> 32) & 0xff]
                ^ T2[(int) (word >>> 40) & 0xff]
                ^ T1[(int) (word >>> 48) & 0xff]
                ^ T0[(int) (word >>> 56)];
    }
}
