package io.coffer.common.checksum;

import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * MD5's compression of sixteen streams at once, one in each lane of a vector of ints. MD5 can't be made faster within one
 * stream, because each step waits for the one before; sixteen wait together.
 *
 * <p><b>How it must be written.</b> Four methods of sixteen steps, each too large to be inlined into the others: C2 doesn't
 * compile all 64 steps in one method well (0.1 GB/s). The species is a constant. In each step what depends on the step before
 * is added last. Words are brought into lane order for several blocks at a time, by plain loads and stores.
 *
 * <p>Used by one thread at a time.
 */
final class Md5Kernel {
    static final int LANES = 16;

    private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_512;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORDS_PER_BLOCK = Md5Scalar.BLOCK_BYTES / Integer.BYTES;
    private static final int BLOCKS_AT_ONCE = 8;

    /** What {@link #compress} wants lengths to be multiples of. */
    static final int STEP_BYTES = BLOCKS_AT_ONCE * Md5Scalar.BLOCK_BYTES;

    /** Word {@code w} of lane {@code l}'s state at {@code w * LANES + l}. */
    private final int[] state = new int[Md5Scalar.STATE_WORDS * LANES];

    private final int[] before = new int[Md5Scalar.STATE_WORDS * LANES];

    /** Word {@code w} of lane {@code l}'s bytes at {@code w * LANES + l}. */
    private final int[] words = new int[BLOCKS_AT_ONCE * WORDS_PER_BLOCK * LANES];

    /**
     * Compresses {@code length} bytes of each of the first {@code count} lanes.
     *
     * @param states of the lanes; updated
     * @param data of the lanes, from the start of each array
     * @param length a multiple of {@link #STEP_BYTES}
     */
    void compress(int[][] states, byte[][] data, int count, int length) {
        for (int lane = 0; lane < count; lane++) {
            for (int word = 0; word < Md5Scalar.STATE_WORDS; word++) {
                state[word * LANES + lane] = states[lane][word];
            }
        }
        for (int at = 0; at < length; at += STEP_BYTES) {
            for (int lane = 0; lane < count; lane++) {
                intoLane(data[lane], at, words, lane);
            }
            for (int block = 0; block < BLOCKS_AT_ONCE; block++) {
                compressBlock(block * WORDS_PER_BLOCK * LANES);
            }
        }
        for (int lane = 0; lane < count; lane++) {
            for (int word = 0; word < Md5Scalar.STATE_WORDS; word++) {
                states[lane][word] = state[word * LANES + lane];
            }
        }
    }

    private static void intoLane(byte[] data, int offset, int[] words, int lane) {
        for (int word = 0; word < BLOCKS_AT_ONCE * WORDS_PER_BLOCK; word++) {
            words[word * LANES + lane] = (int) WORDS.get(data, offset + word * Integer.BYTES);
        }
    }

    private void compressBlock(int at) {
        System.arraycopy(state, 0, before, 0, state.length);
        round1(state, words, at);
        round2(state, words, at);
        round3(state, words, at);
        round4(state, words, at, before);
    }

    private static void round1(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(SPECIES, state, 0);
        IntVector b = IntVector.fromArray(SPECIES, state, LANES);
        IntVector c = IntVector.fromArray(SPECIES, state, 2 * LANES);
        IntVector d = IntVector.fromArray(SPECIES, state, 3 * LANES);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 0 * LANES).add(0xd76aa478))
                .add(d.lanewise(XOR, b.and(c.lanewise(XOR, d))))
                .lanewise(ROL, 7)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 1 * LANES).add(0xe8c7b756))
                .add(c.lanewise(XOR, a.and(b.lanewise(XOR, c))))
                .lanewise(ROL, 12)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 2 * LANES).add(0x242070db))
                .add(b.lanewise(XOR, d.and(a.lanewise(XOR, b))))
                .lanewise(ROL, 17)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 3 * LANES).add(0xc1bdceee))
                .add(a.lanewise(XOR, c.and(d.lanewise(XOR, a))))
                .lanewise(ROL, 22)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 4 * LANES).add(0xf57c0faf))
                .add(d.lanewise(XOR, b.and(c.lanewise(XOR, d))))
                .lanewise(ROL, 7)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 5 * LANES).add(0x4787c62a))
                .add(c.lanewise(XOR, a.and(b.lanewise(XOR, c))))
                .lanewise(ROL, 12)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 6 * LANES).add(0xa8304613))
                .add(b.lanewise(XOR, d.and(a.lanewise(XOR, b))))
                .lanewise(ROL, 17)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 7 * LANES).add(0xfd469501))
                .add(a.lanewise(XOR, c.and(d.lanewise(XOR, a))))
                .lanewise(ROL, 22)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 8 * LANES).add(0x698098d8))
                .add(d.lanewise(XOR, b.and(c.lanewise(XOR, d))))
                .lanewise(ROL, 7)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 9 * LANES).add(0x8b44f7af))
                .add(c.lanewise(XOR, a.and(b.lanewise(XOR, c))))
                .lanewise(ROL, 12)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 10 * LANES).add(0xffff5bb1))
                .add(b.lanewise(XOR, d.and(a.lanewise(XOR, b))))
                .lanewise(ROL, 17)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 11 * LANES).add(0x895cd7be))
                .add(a.lanewise(XOR, c.and(d.lanewise(XOR, a))))
                .lanewise(ROL, 22)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 12 * LANES).add(0x6b901122))
                .add(d.lanewise(XOR, b.and(c.lanewise(XOR, d))))
                .lanewise(ROL, 7)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 13 * LANES).add(0xfd987193))
                .add(c.lanewise(XOR, a.and(b.lanewise(XOR, c))))
                .lanewise(ROL, 12)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 14 * LANES).add(0xa679438e))
                .add(b.lanewise(XOR, d.and(a.lanewise(XOR, b))))
                .lanewise(ROL, 17)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 15 * LANES).add(0x49b40821))
                .add(a.lanewise(XOR, c.and(d.lanewise(XOR, a))))
                .lanewise(ROL, 22)
                .add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    private static void round2(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(SPECIES, state, 0);
        IntVector b = IntVector.fromArray(SPECIES, state, LANES);
        IntVector c = IntVector.fromArray(SPECIES, state, 2 * LANES);
        IntVector d = IntVector.fromArray(SPECIES, state, 3 * LANES);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 1 * LANES).add(0xf61e2562))
                .add(c.and(d.not()))
                .add(b.and(d))
                .lanewise(ROL, 5)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 6 * LANES).add(0xc040b340))
                .add(b.and(c.not()))
                .add(a.and(c))
                .lanewise(ROL, 9)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 11 * LANES).add(0x265e5a51))
                .add(a.and(b.not()))
                .add(d.and(b))
                .lanewise(ROL, 14)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 0 * LANES).add(0xe9b6c7aa))
                .add(d.and(a.not()))
                .add(c.and(a))
                .lanewise(ROL, 20)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 5 * LANES).add(0xd62f105d))
                .add(c.and(d.not()))
                .add(b.and(d))
                .lanewise(ROL, 5)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 10 * LANES).add(0x02441453))
                .add(b.and(c.not()))
                .add(a.and(c))
                .lanewise(ROL, 9)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 15 * LANES).add(0xd8a1e681))
                .add(a.and(b.not()))
                .add(d.and(b))
                .lanewise(ROL, 14)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 4 * LANES).add(0xe7d3fbc8))
                .add(d.and(a.not()))
                .add(c.and(a))
                .lanewise(ROL, 20)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 9 * LANES).add(0x21e1cde6))
                .add(c.and(d.not()))
                .add(b.and(d))
                .lanewise(ROL, 5)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 14 * LANES).add(0xc33707d6))
                .add(b.and(c.not()))
                .add(a.and(c))
                .lanewise(ROL, 9)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 3 * LANES).add(0xf4d50d87))
                .add(a.and(b.not()))
                .add(d.and(b))
                .lanewise(ROL, 14)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 8 * LANES).add(0x455a14ed))
                .add(d.and(a.not()))
                .add(c.and(a))
                .lanewise(ROL, 20)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 13 * LANES).add(0xa9e3e905))
                .add(c.and(d.not()))
                .add(b.and(d))
                .lanewise(ROL, 5)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 2 * LANES).add(0xfcefa3f8))
                .add(b.and(c.not()))
                .add(a.and(c))
                .lanewise(ROL, 9)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 7 * LANES).add(0x676f02d9))
                .add(a.and(b.not()))
                .add(d.and(b))
                .lanewise(ROL, 14)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 12 * LANES).add(0x8d2a4c8a))
                .add(d.and(a.not()))
                .add(c.and(a))
                .lanewise(ROL, 20)
                .add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    private static void round3(int[] state, int[] words, int at) {
        IntVector a = IntVector.fromArray(SPECIES, state, 0);
        IntVector b = IntVector.fromArray(SPECIES, state, LANES);
        IntVector c = IntVector.fromArray(SPECIES, state, 2 * LANES);
        IntVector d = IntVector.fromArray(SPECIES, state, 3 * LANES);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 5 * LANES).add(0xfffa3942))
                .add(c.lanewise(XOR, d).lanewise(XOR, b))
                .lanewise(ROL, 4)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 8 * LANES).add(0x8771f681))
                .add(b.lanewise(XOR, c).lanewise(XOR, a))
                .lanewise(ROL, 11)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 11 * LANES).add(0x6d9d6122))
                .add(a.lanewise(XOR, b).lanewise(XOR, d))
                .lanewise(ROL, 16)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 14 * LANES).add(0xfde5380c))
                .add(d.lanewise(XOR, a).lanewise(XOR, c))
                .lanewise(ROL, 23)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 1 * LANES).add(0xa4beea44))
                .add(c.lanewise(XOR, d).lanewise(XOR, b))
                .lanewise(ROL, 4)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 4 * LANES).add(0x4bdecfa9))
                .add(b.lanewise(XOR, c).lanewise(XOR, a))
                .lanewise(ROL, 11)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 7 * LANES).add(0xf6bb4b60))
                .add(a.lanewise(XOR, b).lanewise(XOR, d))
                .lanewise(ROL, 16)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 10 * LANES).add(0xbebfbc70))
                .add(d.lanewise(XOR, a).lanewise(XOR, c))
                .lanewise(ROL, 23)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 13 * LANES).add(0x289b7ec6))
                .add(c.lanewise(XOR, d).lanewise(XOR, b))
                .lanewise(ROL, 4)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 0 * LANES).add(0xeaa127fa))
                .add(b.lanewise(XOR, c).lanewise(XOR, a))
                .lanewise(ROL, 11)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 3 * LANES).add(0xd4ef3085))
                .add(a.lanewise(XOR, b).lanewise(XOR, d))
                .lanewise(ROL, 16)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 6 * LANES).add(0x04881d05))
                .add(d.lanewise(XOR, a).lanewise(XOR, c))
                .lanewise(ROL, 23)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 9 * LANES).add(0xd9d4d039))
                .add(c.lanewise(XOR, d).lanewise(XOR, b))
                .lanewise(ROL, 4)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 12 * LANES).add(0xe6db99e5))
                .add(b.lanewise(XOR, c).lanewise(XOR, a))
                .lanewise(ROL, 11)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 15 * LANES).add(0x1fa27cf8))
                .add(a.lanewise(XOR, b).lanewise(XOR, d))
                .lanewise(ROL, 16)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 2 * LANES).add(0xc4ac5665))
                .add(d.lanewise(XOR, a).lanewise(XOR, c))
                .lanewise(ROL, 23)
                .add(c);
        a.intoArray(state, 0);
        b.intoArray(state, LANES);
        c.intoArray(state, 2 * LANES);
        d.intoArray(state, 3 * LANES);
    }

    private static void round4(int[] state, int[] words, int at, int[] before) {
        IntVector a = IntVector.fromArray(SPECIES, state, 0);
        IntVector b = IntVector.fromArray(SPECIES, state, LANES);
        IntVector c = IntVector.fromArray(SPECIES, state, 2 * LANES);
        IntVector d = IntVector.fromArray(SPECIES, state, 3 * LANES);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 0 * LANES).add(0xf4292244))
                .add(c.lanewise(XOR, b.or(d.not())))
                .lanewise(ROL, 6)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 7 * LANES).add(0x432aff97))
                .add(b.lanewise(XOR, a.or(c.not())))
                .lanewise(ROL, 10)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 14 * LANES).add(0xab9423a7))
                .add(a.lanewise(XOR, d.or(b.not())))
                .lanewise(ROL, 15)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 5 * LANES).add(0xfc93a039))
                .add(d.lanewise(XOR, c.or(a.not())))
                .lanewise(ROL, 21)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 12 * LANES).add(0x655b59c3))
                .add(c.lanewise(XOR, b.or(d.not())))
                .lanewise(ROL, 6)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 3 * LANES).add(0x8f0ccc92))
                .add(b.lanewise(XOR, a.or(c.not())))
                .lanewise(ROL, 10)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 10 * LANES).add(0xffeff47d))
                .add(a.lanewise(XOR, d.or(b.not())))
                .lanewise(ROL, 15)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 1 * LANES).add(0x85845dd1))
                .add(d.lanewise(XOR, c.or(a.not())))
                .lanewise(ROL, 21)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 8 * LANES).add(0x6fa87e4f))
                .add(c.lanewise(XOR, b.or(d.not())))
                .lanewise(ROL, 6)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 15 * LANES).add(0xfe2ce6e0))
                .add(b.lanewise(XOR, a.or(c.not())))
                .lanewise(ROL, 10)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 6 * LANES).add(0xa3014314))
                .add(a.lanewise(XOR, d.or(b.not())))
                .lanewise(ROL, 15)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 13 * LANES).add(0x4e0811a1))
                .add(d.lanewise(XOR, c.or(a.not())))
                .lanewise(ROL, 21)
                .add(c);
        a = a.add(IntVector.fromArray(SPECIES, words, at + 4 * LANES).add(0xf7537e82))
                .add(c.lanewise(XOR, b.or(d.not())))
                .lanewise(ROL, 6)
                .add(b);
        d = d.add(IntVector.fromArray(SPECIES, words, at + 11 * LANES).add(0xbd3af235))
                .add(b.lanewise(XOR, a.or(c.not())))
                .lanewise(ROL, 10)
                .add(a);
        c = c.add(IntVector.fromArray(SPECIES, words, at + 2 * LANES).add(0x2ad7d2bb))
                .add(a.lanewise(XOR, d.or(b.not())))
                .lanewise(ROL, 15)
                .add(d);
        b = b.add(IntVector.fromArray(SPECIES, words, at + 9 * LANES).add(0xeb86d391))
                .add(d.lanewise(XOR, c.or(a.not())))
                .lanewise(ROL, 21)
                .add(c);
        a.add(IntVector.fromArray(SPECIES, before, 0)).intoArray(state, 0);
        b.add(IntVector.fromArray(SPECIES, before, LANES)).intoArray(state, LANES);
        c.add(IntVector.fromArray(SPECIES, before, 2 * LANES)).intoArray(state, 2 * LANES);
        d.add(IntVector.fromArray(SPECIES, before, 3 * LANES)).intoArray(state, 3 * LANES);
    }
}
