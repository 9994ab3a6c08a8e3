package io.coffer.common.checksum;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** CRC-64/NVME, reflected, complemented before and after; the check value of "123456789" is ae8b14860a799888. */
final class Crc64Nvme implements Checksummer {
    private static final long START = -1L;
    private static final int PROBE_BYTES = 64 * 1024;

    /** On direct memory, which is what object data comes in, and on a heap array, so that both get compiled. */
    static final KernelProbe PROBE = new KernelProbe("crc64nvme", probe(Kernel.PLAIN), probe(Kernel.VECTOR));

    enum Kernel {
        PLAIN,
        VECTOR,
        PROBED
    }

    private final Kernel kernel;
    private long register = START;
    private Crc64Folding.@Nullable Scratch scratch;

    Crc64Nvme() {
        this(Kernel.PROBED);
    }

    Crc64Nvme(Kernel kernel) {
        this.kernel = kernel;
    }

    private static LongSupplier probe(Kernel kernel) {
        ByteBuffer direct = ByteBuffer.allocateDirect(PROBE_BYTES);
        byte[] heap = new byte[PROBE_BYTES];
        for (int i = 0; i < PROBE_BYTES; i++) {
            heap[i] = (byte) (i * 31 >>> 3);
        }
        direct.put(0, heap);
        Crc64Nvme crc = new Crc64Nvme(kernel);
        return () -> {
            crc.register = START;
            crc.update(direct.clear());
            crc.update(heap, 0, heap.length);
            return crc.register;
        };
    }

    @Override
    public void update(ByteBuffer data) {
        int from = data.position();
        int to = data.limit();
        if (to - from >= Crc64Folding.WORTHWHILE_BYTES && isVector()) {
            int folded = (to - from) / Crc64Folding.BLOCK_BYTES * Crc64Folding.BLOCK_BYTES;
            if (data.isDirect()) {
                MemorySegment segment = MemorySegment.ofBuffer(data);
                register = Crc64Folding.update(register, segment, folded, scratch());
                from += folded;
            } else if (data.hasArray()) {
                int offset = data.arrayOffset() + from;
                register = Crc64Folding.update(register, data.array(), offset, folded, scratch());
                from += folded;
            }
        }
        if (from < to) {
            register = Crc64Slicing.update(register, data.duplicate().order(ByteOrder.LITTLE_ENDIAN), from, to);
        }
        data.position(to);
    }

    private boolean isVector() {
        return switch (kernel) {
            case PLAIN -> false;
            case VECTOR -> true;
            case PROBED -> PROBE.vectorIsFaster();
        };
    }

    private Crc64Folding.Scratch scratch() {
        Crc64Folding.Scratch held = scratch;
        if (held == null) {
            held = new Crc64Folding.Scratch();
            scratch = held;
        }
        return held;
    }

    @Override
    public void update(byte[] data, int offset, int length) {
        update(ByteBuffer.wrap(data, offset, length));
    }

    @Override
    public byte[] digest() {
        byte[] digest = ByteBuffer.allocate(Long.BYTES).putLong(~register).array();
        reset();
        return digest;
    }

    @Override
    public void reset() {
        register = START;
    }
}
