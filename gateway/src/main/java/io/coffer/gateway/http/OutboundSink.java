package io.coffer.gateway.http;

import io.coffer.common.io.PooledBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A response's body on its way from the handler's thread to the event loop. The head waits for the first bytes. At most
 * {@code bytesPerConnection} are handed over before the network has taken them; then the writer waits, until the client takes
 * more or the event loop closes the connection because it doesn't.
 */
final class OutboundSink implements ResponseSink {
    /** Small writes are put together up to this. */
    private static final int BATCH_BYTES = 32 * 1024;

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;
    private final long length;
    private final boolean chunked;
    private final boolean bodiless;
    private final int highWater;

    // The handler's thread only.
    private @Nullable EncodedHead head;
    private final List<OutboundPiece> batch = new ArrayList<>(4);
    private int batchBytes;
    private long written;
    private boolean finished;

    // Shared with the event loop.
    private final AtomicLong inFlight = new AtomicLong();
    private volatile boolean failed;
    private volatile @Nullable Thread waiter;

    /**
     * @param length of the body, or -1 if unknown
     * @param bodiless whether the response has a body only in name (HEAD, 304)
     */
    OutboundSink(
            HttpExchange exchange, EncodedHead head, long length, boolean chunked, boolean bodiless, int highWater) {
        this.exchange = exchange;
        this.head = head;
        this.length = length;
        this.chunked = chunked;
        this.bodiless = bodiless;
        this.highWater = highWater;
    }

    /** Whether only the connection's end tells where the body ends (HTTP/1.0). */
    boolean endsWithConnection() {
        return length < 0 && !chunked && !bodiless;
    }

    @Override
    public void write(PooledBuffer buffer) throws IOException {
        boolean taken = false;
        try {
            if (admit(buffer.buffer().remaining())) {
                add(OutboundPiece.of(buffer, this));
                taken = true;
                submit(false);
            }
        } finally {
            if (!taken) {
                buffer.close();
            }
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        if (admit(bytes.remaining())) {
            add(OutboundPiece.of(bytes, this));
            if (batchBytes >= BATCH_BYTES) {
                submit(false);
            }
        }
    }

    /** Waits for room; returns whether the bytes are to be sent. */
    private boolean admit(int bytes) throws IOException {
        if (finished) {
            throw new IllegalStateException("written after the end");
        }
        if (length >= 0 && bytes > length - written) {
            close();
            throw new IllegalStateException("more written than the announced " + length + " bytes");
        }
        written += bytes;
        if (bodiless || bytes == 0) {
            return false;
        }
        awaitRoom(bytes);
        return true;
    }

    private void awaitRoom(int bytes) throws IOException {
        if (!failed && inFlight.get() + batchBytes + bytes > highWater) {
            if (batchBytes > 0) {
                submit(false);
            }
            // Set before looking, as done() lowers before it looks: one of the two sees the other.
            waiter = Thread.currentThread();
            while (!failed && inFlight.get() > highWater / 2) {
                LockSupport.park(this);
                if (Thread.currentThread().isInterrupted()) {
                    close();
                    throw new IOException("interrupted while the client was slow");
                }
            }
            waiter = null;
        }
        if (failed) {
            close();
            throw new IOException("the client is gone");
        }
    }

    private void add(OutboundPiece piece) {
        batch.add(piece);
        batchBytes += piece.length();
    }

    private void submit(boolean last) {
        List<OutboundPiece> pieces = new ArrayList<>(batch.size() + 3);
        if (chunked && batchBytes > 0) {
            String size = Integer.toHexString(batchBytes) + "\r\n";
            pieces.add(OutboundPiece.of(size.getBytes(StandardCharsets.US_ASCII)));
            pieces.addAll(batch);
            pieces.add(OutboundPiece.of(CRLF));
        } else {
            pieces.addAll(batch);
        }
        if (chunked && last) {
            pieces.add(OutboundPiece.of(LAST_CHUNK));
        }
        inFlight.addAndGet(batchBytes);
        batch.clear();
        batchBytes = 0;
        EncodedHead first = head;
        head = null;
        exchange.submit(first, pieces, last);
    }

    @Override
    public void flush() throws IOException {
        if (failed) {
            throw new IOException("the client is gone");
        }
        if (!finished && (head != null || batchBytes > 0)) {
            submit(false);
        }
    }

    @Override
    public void finish() throws IOException {
        if (finished) {
            throw new IllegalStateException("finished twice");
        }
        if (!bodiless && length >= 0 && written != length) {
            close();
            throw new IllegalStateException("only " + written + " of the announced " + length + " bytes were written");
        }
        finished = true;
        submit(true);
    }

    @Override
    public void close() {
        if (finished) {
            return;
        }
        finished = true;
        batch.forEach(OutboundPiece::drop);
        batch.clear();
        exchange.abort();
    }

    /** The network has taken as many bytes, or never will. Called by the event loop. */
    void done(int bytes, boolean sent) {
        if (!sent) {
            failed = true;
        }
        long left = inFlight.addAndGet(-bytes);
        Thread waiting = waiter;
        if (waiting != null && (failed || left <= highWater / 2)) {
            LockSupport.unpark(waiting);
        }
    }
}
