package io.coffer.common.checksum;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the streams of one process side by side. There are no threads of its own and no hand-offs: a stream copies what it is
 * given into chunks; whoever completes a sixteenth stream's chunk, has no room left, or needs its digest, takes up to sixteen
 * streams' oldest chunks and compresses them all, its own or not. So the busier the process is, the fuller the lanes.
 *
 * <p>{@code lock} guards which streams are ready and which chunks they have. A stream that is {@code running} is in exactly one
 * thread's batch; that thread alone touches its MD5 state, and the lock hands the state on.
 */
final class Md5Lanes {
    /** Sixteen of these are one batch: 110 microseconds of work. A multiple of what the kernel works in. */
    static final int CHUNK_BYTES = 32 * 1024;

    /**
     * With more chunks waiting than this, a stream starts a batch, unless one is under way or few would take part; with twice as
     * many, it goes no further. The longer it waits the more others come by meanwhile, above all when a caller brings a lot at a time.
     */
    private static final int MANY_PENDING = 16;

    /** Many streams fill the lanes without waiting so long: each waits with its share of this, or what it gets at a time. */
    private static final int MANY_PENDING_OF_ALL = 256;

    /** Bounds the memory, to 80 MiB if all of them get a lot at a time; streams beyond are hashed alone. */
    private static final int MAX_STREAMS = 128;

    /** A batch of so many lanes is worth starting beside another one; smaller ones only take lanes from each other. */
    private static final int HALF_FULL = Md5Kernel.LANES / 2;

    /** With fewer streams at a time than this, each is better off alone, where the JDK's code is used. */
    static final int LANES_WORTHWHILE = 6;

    /** Shorter objects are over before a lane is filled. */
    static final long MIN_OBJECT_BYTES = 8L * CHUNK_BYTES;

    /** Spare chunks kept: those of 64 streams. */
    private static final int MAX_SPARE_CHUNKS = 256;

    private static final int PROBE_BYTES = 8 * Md5Kernel.STEP_BYTES;

    static final KernelProbe PROBE = new KernelProbe("md5", Md5Lanes::probePlain, new VectorProbe()::run);

    private final BooleanSupplier vectorIsFaster;
    private final AtomicInteger open = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition batchDone = lock.newCondition();
    private final Deque<Md5LaneStream> ready = new ArrayDeque<>();
    private final Deque<byte[]> spareChunks = new ArrayDeque<>();
    private final Deque<Md5Kernel> spareKernels = new ArrayDeque<>();
    private int running;
    private long batches;
    private long lanesUsed;

    Md5Lanes(BooleanSupplier vectorIsFaster) {
        this.vectorIsFaster = vectorIsFaster;
    }

    Md5Stream newStream(long expectedBytes) {
        if (expectedBytes < MIN_OBJECT_BYTES) {
            return new Md5.Alone(() -> {});
        }
        int streams = open.incrementAndGet();
        return streams >= LANES_WORTHWHILE && streams <= MAX_STREAMS && vectorIsFaster.getAsBoolean()
                ? new Md5LaneStream(this)
                : new Md5.Alone(open::decrementAndGet);
    }

    /** How many lanes a batch had on average. */
    double averageLanes() {
        lock.lock();
        try {
            return batches == 0 ? 0 : (double) lanesUsed / batches;
        } finally {
            lock.unlock();
        }
    }

    byte[] takeChunk() {
        lock.lock();
        try {
            byte[] spare = spareChunks.pollLast();
            return spare == null ? new byte[CHUNK_BYTES] : spare;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a full chunk over from its stream; makes room when there is none.
     *
     * @param chunksAtATime how many the stream's owner brings in one call
     */
    void submit(Md5LaneStream stream, byte[] chunk, int chunksAtATime) {
        lock.lock();
        try {
            stream.pending.addLast(chunk);
            if (!stream.queued && !stream.running) {
                enqueue(stream);
            }
            int share = Math.max(chunksAtATime, MANY_PENDING_OF_ALL / Math.max(1, open.get()));
            int many = Math.clamp(share, 1, MANY_PENDING);
            boolean company = running == 0 && ready.size() >= LANES_WORTHWHILE - 1;
            if (ready.size() >= Md5Kernel.LANES || (stream.pending.size() > many && company)) {
                runBatch();
            }
            while (stream.pending.size() > 2 * many) {
                if (stream.queued && (running == 0 || ready.size() >= HALF_FULL)) {
                    runBatch();
                } else {
                    batchDone.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns when all the stream's chunks have gone into its state, which then belongs to the caller. */
    void drain(Md5LaneStream stream) {
        lock.lock();
        try {
            while (stream.queued || stream.running) {
                if (stream.queued) {
                    runBatch();
                } else {
                    batchDone.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops the stream's chunks; returns when nobody touches its state any more. */
    void discard(Md5LaneStream stream, byte @Nullable [] filling) {
        lock.lock();
        try {
            if (stream.queued) {
                ready.remove(stream);
                stream.queued = false;
            }
            stream.pending.forEach(this::giveBack);
            stream.pending.clear();
            while (stream.running) {
                batchDone.awaitUninterruptibly();
            }
            if (filling != null) {
                giveBack(filling);
            }
        } finally {
            lock.unlock();
        }
    }

    void closed() {
        open.decrementAndGet();
    }

    private void giveBack(byte[] chunk) {
        if (spareChunks.size() < MAX_SPARE_CHUNKS) {
            spareChunks.addLast(chunk);
        }
    }

    private void enqueue(Md5LaneStream stream) {
        stream.queued = true;
        ready.addLast(stream);
    }

    /** Compresses one chunk each of the streams that have waited longest, without the lock meanwhile. */
    private void runBatch() {
        List<Md5LaneStream> batch = new ArrayList<>(Md5Kernel.LANES);
        while (batch.size() < Md5Kernel.LANES && !ready.isEmpty()) {
            Md5LaneStream stream = ready.removeFirst();
            stream.queued = false;
            stream.running = true;
            batch.add(stream);
        }
        int[][] states = new int[batch.size()][];
        byte[][] chunks = new byte[batch.size()][];
        for (int i = 0; i < chunks.length; i++) {
            states[i] = batch.get(i).state;
            chunks[i] = batch.get(i).pending.removeFirst();
        }
        Md5Kernel spare = spareKernels.pollLast();
        running++;
        batches++;
        lanesUsed += chunks.length;
        boolean done = false;
        lock.unlock();
        try {
            spare = compress(spare, states, chunks);
            done = true;
        } finally {
            lock.lock();
            running--;
            for (Md5LaneStream stream : batch) {
                stream.running = false;
                stream.broken |= !done;
                if (!stream.pending.isEmpty()) {
                    enqueue(stream);
                }
            }
            Arrays.stream(chunks).forEach(this::giveBack);
            if (spare != null) {
                spareKernels.addLast(spare);
            }
            batchDone.signalAll();
        }
    }

    private static @Nullable Md5Kernel compress(@Nullable Md5Kernel spare, int[][] states, byte[][] chunks) {
        if (chunks.length == 1) {
            Md5Scalar.compress(states[0], chunks[0], 0, CHUNK_BYTES);
            return spare;
        }
        Md5Kernel kernel = spare == null ? new Md5Kernel() : spare;
        kernel.compress(states, chunks, chunks.length, CHUNK_BYTES);
        return kernel;
    }

    private static byte[][] probeData() {
        byte[][] data = new byte[Md5Kernel.LANES][PROBE_BYTES];
        for (int lane = 0; lane < data.length; lane++) {
            Arrays.fill(data[lane], (byte) (lane + 1));
        }
        return data;
    }

    private static long probePlain() {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            long sum = 0;
            for (byte[] lane : probeData()) {
                sum = 31 * sum + Arrays.hashCode(md5.digest(lane));
            }
            return sum;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same by the kernel, made when first run: where there is no vector module, that must be the probe's failure. */
    private static final class VectorProbe {
        private @Nullable Md5Kernel kernel;

        long run() {
            Md5Kernel warm = kernel == null ? new Md5Kernel() : kernel;
            kernel = warm;
            byte[][] data = probeData();
            int[][] states = new int[data.length][];
            Arrays.setAll(states, lane -> Md5Scalar.newState());
            warm.compress(states, data, data.length, PROBE_BYTES);
            long sum = 0;
            for (int[] state : states) {
                sum = 31 * sum + Arrays.hashCode(Md5LaneStream.finish(state, new byte[0], 0, PROBE_BYTES));
            }
            return sum;
        }
    }
}
