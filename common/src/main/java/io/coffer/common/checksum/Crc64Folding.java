package io.coffer.common.checksum;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * CRC-64/NVME by folding 512 bytes into the next 512, with table lookups inside of vector registers. Java has no carry-less
 * multiplication, which is what native code folds with; a byte permutation by a register of indices it has.
 *
 * <p><b>How it works.</b> A block is eight planes of 64 bytes. Lane {@code l} of the eight planes is eight bytes of the
 * message, 64 bytes apart. Whatever those eight contribute to the register at the end of the message, eight other bytes at
 * the same places one block later can contribute too: those 64 bits, each with 64 zero bytes between planes, are linearly
 * independent modulo the polynomial (checked when the class is loaded), so they can make every register. Which eight is a
 * linear function of the first eight, the same for all lanes, because a lane only adds the same factor to both sides. So
 * {@code next block ^ F(block)} leaves the register that {@code block ++ next block} leaves, and the message shrinks by 512
 * bytes. The last block goes through {@link Crc64Slicing}.
 *
 * <p>F is a sum of lookups: each byte's low six bits index a table of 64 bytes, which is one register, per plane of the
 * result; the two bits left over of three planes at a time make another six. That is 11 indices for 8 planes: 88 lookups per
 * 512 bytes (four bits at a time, as in AVX2, would take 128). No bytes are transposed.
 *
 * <p><b>How it must be written.</b> The loop over the indices stays a loop, with eight sums in registers: unrolled, or with
 * more loads in a method, C2 gives up keeping vectors in registers and it runs twenty times slower. The species is a constant.
 * Without 512-bit vectors and a byte permutation over them (AVX-512 VBMI) it is slower than tables: see {@link KernelProbe}.
 */
final class Crc64Folding {
    static final int BLOCK_BYTES = 512;

    /** Below this the last block, which isn't folded, costs too much of what folding gains. */
    static final int WORTHWHILE_BYTES = 4 * BLOCK_BYTES;

    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_512;
    private static final int PLANES = 8;
    private static final int PLANE_BYTES = 64;
    private static final int INDEX_BITS = 6;
    private static final int INDICES = 11;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    /** For index {@code i} and plane {@code q} of the result the 64 bytes at {@code (i * PLANES + q) * PLANE_BYTES}. */
    private static final byte[] TABLES = tables();

    private Crc64Folding() {}

    /** What {@link #update} works in: two blocks, each followed by the indices made of left-over bits. */
    static final class Scratch {
        private static final int BYTES = INDICES * PLANE_BYTES;

        private byte[] block = new byte[BYTES];
        private byte[] other = new byte[BYTES];
        private final ByteBuffer last = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

        private void start(long register) {
            for (int i = 0; i < Long.BYTES; i++) {
                block[i] ^= (byte) (register >>> i * Byte.SIZE);
            }
        }

        private void swap() {
            byte[] swapped = block;
            block = other;
            other = swapped;
        }

        private long finish() {
            last.put(0, block, 0, BLOCK_BYTES);
            return Crc64Slicing.update(0, last, 0, BLOCK_BYTES);
        }
    }

    /** @param length a multiple of {@link #BLOCK_BYTES}, not 0 */
    static long update(long register, byte[] data, int offset, int length, Scratch scratch) {
        System.arraycopy(data, offset, scratch.block, 0, BLOCK_BYTES);
        scratch.start(register);
        for (int at = offset + BLOCK_BYTES; at < offset + length; at += BLOCK_BYTES) {
            gatherTopBits(scratch.block);
            fold(scratch.block, data, at, scratch.other);
            scratch.swap();
        }
        return scratch.finish();
    }

    /** The same on direct memory. A method of its own, so that each sees one kind of memory only and compiles to plain loads. */
    static long update(long register, MemorySegment data, long length, Scratch scratch) {
        MemorySegment.copy(data, 0, MemorySegment.ofArray(scratch.block), 0, BLOCK_BYTES);
        scratch.start(register);
        for (long at = BLOCK_BYTES; at < length; at += BLOCK_BYTES) {
            gatherTopBits(scratch.block);
            fold(scratch.block, data, at, scratch.other);
            scratch.swap();
        }
        return scratch.finish();
    }

    /** Puts the two top bits of three planes each behind the planes, as three more indices. */
    private static void gatherTopBits(byte[] block) {
        topBits(block, 0, 6, 0x03)
                .or(topBits(block, 1, 4, 0x0c))
                .or(topBits(block, 2, 2, 0x30))
                .intoArray(block, PLANES * PLANE_BYTES);
        topBits(block, 3, 6, 0x03)
                .or(topBits(block, 4, 4, 0x0c))
                .or(topBits(block, 5, 2, 0x30))
                .intoArray(block, (PLANES + 1) * PLANE_BYTES);
        topBits(block, 6, 6, 0x03).or(topBits(block, 7, 4, 0x0c)).intoArray(block, (PLANES + 2) * PLANE_BYTES);
    }

    /** There is no shift of bytes; the bits that shifting ints brings in from the neighbour are masked off. */
    private static ByteVector topBits(byte[] block, int plane, int shift, int mask) {
        return ByteVector.fromArray(SPECIES, block, plane * PLANE_BYTES)
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHR, shift)
                .reinterpretAsBytes()
                .and((byte) mask);
    }

    private static void fold(byte[] block, byte[] next, int offset, byte[] result) {
        ByteVector a = ByteVector.fromArray(SPECIES, next, offset);
        ByteVector b = ByteVector.fromArray(SPECIES, next, offset + PLANE_BYTES);
        ByteVector c = ByteVector.fromArray(SPECIES, next, offset + 2 * PLANE_BYTES);
        ByteVector d = ByteVector.fromArray(SPECIES, next, offset + 3 * PLANE_BYTES);
        ByteVector e = ByteVector.fromArray(SPECIES, next, offset + 4 * PLANE_BYTES);
        ByteVector f = ByteVector.fromArray(SPECIES, next, offset + 5 * PLANE_BYTES);
        ByteVector g = ByteVector.fromArray(SPECIES, next, offset + 6 * PLANE_BYTES);
        ByteVector h = ByteVector.fromArray(SPECIES, next, offset + 7 * PLANE_BYTES);
        for (int i = 0; i < INDICES; i++) {
            ByteVector index =
                    ByteVector.fromArray(SPECIES, block, i * PLANE_BYTES).and((byte) INDEX_MASK);
            int table = i * PLANES * PLANE_BYTES;
            a = add(a, index, table);
            b = add(b, index, table + PLANE_BYTES);
            c = add(c, index, table + 2 * PLANE_BYTES);
            d = add(d, index, table + 3 * PLANE_BYTES);
            e = add(e, index, table + 4 * PLANE_BYTES);
            f = add(f, index, table + 5 * PLANE_BYTES);
            g = add(g, index, table + 6 * PLANE_BYTES);
            h = add(h, index, table + 7 * PLANE_BYTES);
        }
        store(a, b, c, d, result, 0);
        store(e, f, g, h, result, 4 * PLANE_BYTES);
    }

    private static void fold(byte[] block, MemorySegment next, long offset, byte[] result) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        ByteVector a = ByteVector.fromMemorySegment(SPECIES, next, offset, order);
        ByteVector b = ByteVector.fromMemorySegment(SPECIES, next, offset + PLANE_BYTES, order);
        ByteVector c = ByteVector.fromMemorySegment(SPECIES, next, offset + 2 * PLANE_BYTES, order);
        ByteVector d = ByteVector.fromMemorySegment(SPECIES, next, offset + 3 * PLANE_BYTES, order);
        ByteVector e = ByteVector.fromMemorySegment(SPECIES, next, offset + 4 * PLANE_BYTES, order);
        ByteVector f = ByteVector.fromMemorySegment(SPECIES, next, offset + 5 * PLANE_BYTES, order);
        ByteVector g = ByteVector.fromMemorySegment(SPECIES, next, offset + 6 * PLANE_BYTES, order);
        ByteVector h = ByteVector.fromMemorySegment(SPECIES, next, offset + 7 * PLANE_BYTES, order);
        for (int i = 0; i < INDICES; i++) {
            ByteVector index =
                    ByteVector.fromArray(SPECIES, block, i * PLANE_BYTES).and((byte) INDEX_MASK);
            int table = i * PLANES * PLANE_BYTES;
            a = add(a, index, table);
            b = add(b, index, table + PLANE_BYTES);
            c = add(c, index, table + 2 * PLANE_BYTES);
            d = add(d, index, table + 3 * PLANE_BYTES);
            e = add(e, index, table + 4 * PLANE_BYTES);
            f = add(f, index, table + 5 * PLANE_BYTES);
            g = add(g, index, table + 6 * PLANE_BYTES);
            h = add(h, index, table + 7 * PLANE_BYTES);
        }
        store(a, b, c, d, result, 0);
        store(e, f, g, h, result, 4 * PLANE_BYTES);
    }

    private static ByteVector add(ByteVector sum, ByteVector index, int table) {
        return sum.lanewise(VectorOperators.XOR, index.selectFrom(ByteVector.fromArray(SPECIES, TABLES, table)));
    }

    private static void store(ByteVector a, ByteVector b, ByteVector c, ByteVector d, byte[] result, int offset) {
        a.intoArray(result, offset);
        b.intoArray(result, offset + PLANE_BYTES);
        c.intoArray(result, offset + 2 * PLANE_BYTES);
        d.intoArray(result, offset + 3 * PLANE_BYTES);
    }

    private static byte[] tables() {
        long[][] folded = new FoldingMatrix(PLANES, PLANE_BYTES, BLOCK_BYTES).rows();
        byte[] tables = new byte[INDICES * PLANES * PLANE_BYTES];
        for (int index = 0; index < INDICES; index++) {
            for (int value = 0; value < 1 << INDEX_BITS; value++) {
                long sum = index < PLANES ? sum(folded[index], value) : sumOfTopBits(folded, index - PLANES, value);
                for (int plane = 0; plane < PLANES; plane++) {
                    tables[(index * PLANES + plane) * PLANE_BYTES + value] = (byte) (sum >>> plane * Byte.SIZE);
                }
            }
        }
        return tables;
    }

    private static long sumOfTopBits(long[][] folded, int group, int value) {
        long sum = 0;
        for (int i = 0; i < 3 && 3 * group + i < PLANES; i++) {
            sum ^= sum(folded[3 * group + i], (value >>> 2 * i & 3) << INDEX_BITS);
        }
        return sum;
    }

    private static long sum(long[] rows, int bits) {
        long sum = 0;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            sum ^= (bits >>> bit & 1) == 0 ? 0 : rows[bit];
        }
        return sum;
    }
}
