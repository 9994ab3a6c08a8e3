package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunked transfer coding (RFC 9112, section 7.1): sizes in hexadecimal digits, extensions ignored but held to be
 * visible text, CRLF line ends only.
 */
final class ChunkedFraming implements BodyFraming {
    /** A size and whatever extensions; nobody sends any. */
    private static final int MAX_SIZE_LINE_BYTES = 256;

    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_TRAILER_BYTES = 8192;
    private static final int MAX_TRAILERS = 32;

    private enum State {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        END
    }

    private State state = State.SIZE;
    private long chunkLeft;
    private byte[] line = new byte[32];
    private int lineSize;
    private int trailerBytes;
    private final Headers.Builder trailers = new Headers.Builder();
    private int trailerCount;

    @Override
    public boolean ended() {
        return state == State.END;
    }

    @Override
    public long remaining() {
        return state == State.END ? 0 : -1;
    }

    @Override
    public Headers trailers() {
        return trailers.build();
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) throws HttpFaultException {
        while (in.isReadable() && state != State.END) {
            if (state == State.DATA) {
                int take = (int) Math.min(in.readableBytes(), chunkLeft);
                chunkLeft -= take;
                if (chunkLeft == 0) {
                    state = State.DATA_END;
                }
                return in.readRetainedSlice(take);
            }
            if (readLine(in)) {
                endLine();
                lineSize = 0;
            }
        }
        return null;
    }

    private boolean readLine(ByteBuf in) throws HttpFaultException {
        while (in.isReadable()) {
            byte b = in.readByte();
            boolean afterCr = lineSize > 0 && line[lineSize - 1] == '\r';
            if (b == '\n' && afterCr) {
                lineSize--;
                return true;
            }
            if (b == '\n' || afterCr || lineSize >= maxLine()) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
            if (lineSize == line.length) {
                line = Arrays.copyOf(line, 2 * lineSize);
            }
            line[lineSize] = b;
            lineSize++;
        }
        return false;
    }

    private int maxLine() {
        return switch (state) {
            case SIZE -> MAX_SIZE_LINE_BYTES;
            case DATA_END -> 1; // the CR
            case TRAILER -> MAX_TRAILER_BYTES - trailerBytes;
            case DATA, END -> 0;
        };
    }

    private void endLine() throws HttpFaultException {
        switch (state) {
            case SIZE -> {
                chunkLeft = size();
                state = chunkLeft > 0 ? State.DATA : State.TRAILER;
            }
            case DATA_END -> state = State.SIZE;
            case TRAILER -> trailer();
            case DATA, END -> throw new IllegalStateException("no line in " + state);
        }
    }

    private long size() throws HttpFaultException {
        long size = 0;
        int digits = 0;
        while (digits < lineSize && Character.digit(line[digits], 16) >= 0) {
            size = size << 4 | Character.digit(line[digits], 16);
            digits++;
            if (digits > MAX_SIZE_DIGITS) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
        }
        if (digits == 0 || digits < lineSize && line[digits] != ';') {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        for (int i = digits; i < lineSize; i++) {
            if (!Characters.isFieldContent(line[i])) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
        }
        return size;
    }

    private void trailer() throws HttpFaultException {
        if (lineSize == 0) {
            state = State.END;
            return;
        }
        trailerBytes += lineSize;
        trailerCount++;
        if (trailerCount > MAX_TRAILERS) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        Header header = FieldLines.parse(line, 0, lineSize);
        trailers.add(header.name(), header.value());
    }
}
