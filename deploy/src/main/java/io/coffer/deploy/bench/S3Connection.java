package io.coffer.deploy.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection that makes itself again when it is gone. HTTP/1.1 as far as S3 servers speak it. Used by one thread. */
final class S3Connection implements Closeable {
    /** Large enough that a body costs few system calls. */
    private static final int BUFFER_BYTES = 256 * 1024;

    private static final int MAX_LINE_BYTES = 16 * 1024;

    /** Makes a request's body. */
    interface BodySource {
        /** Fills what remains in the buffer with the bytes from an offset, which is a multiple of {@value BodyPattern#BLOCK_BYTES}. */
        void fill(ByteBuffer target, long offset);
    }

    /** Takes a response's body. */
    interface BodySink {
        void accept(ByteBuffer bytes);
    }

    /**
     * @param length of the body; of a HEAD, what a GET would have
     * @param etag without quotes; empty when there was none
     */
    record Response(int status, long length, String etag) {
        boolean ok() {
            return status / 100 == 2;
        }
    }

    private final Endpoint endpoint;
    private final boolean insecure;
    private final boolean keepAlive;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private @Nullable Wire wire;
    private boolean fresh;

    S3Connection(Endpoint endpoint, boolean insecure, boolean keepAlive) {
        this.endpoint = endpoint;
        this.insecure = insecure;
        this.keepAlive = keepAlive;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /**
     * One request and its response. A kept connection that the server has closed meanwhile is made again, once.
     *
     * @param head up to and without the empty line
     */
    Response exchange(String head, long bodyLength, BodySource body, BodySink sink, boolean headOnly)
            throws IOException {
        boolean done = false;
        try {
            Response response;
            try {
                send(head, bodyLength, body);
                response = receive(sink, headOnly);
            } catch (IOException e) {
                if (fresh || in.hasRemaining() || in.position() > 0) {
                    throw e;
                }
                close();
                send(head, bodyLength, body);
                response = receive(sink, headOnly);
            }
            done = keepAlive;
            return response;
        } finally {
            fresh = false;
            if (!done) {
                close();
            }
        }
    }

    private void send(String head, long bodyLength, BodySource body) throws IOException {
        Wire to = wire;
        if (to == null) {
            to = Wire.connect(endpoint, insecure);
            wire = to;
            fresh = true;
        }
        in.clear().limit(0);
        out.clear().put(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!keepAlive) {
            out.put("Connection: close\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) '\r').put((byte) '\n');
        long sent = 0;
        while (sent < bodyLength || out.position() > 0) {
            int room = out.remaining() / BodyPattern.BLOCK_BYTES * BodyPattern.BLOCK_BYTES;
            int take = (int) Math.min(room, bodyLength - sent);
            if (take > 0) {
                ByteBuffer piece = out.slice(out.position(), take);
                body.fill(piece, sent);
                out.position(out.position() + take);
                sent += take;
            }
            out.flip();
            to.write(out);
            out.clear();
        }
    }

    private Response receive(BodySink sink, boolean headOnly) throws IOException {
        String status = readLine();
        if (!status.startsWith("HTTP/1.") || status.length() < 12) {
            throw new IOException("not HTTP: " + status);
        }
        int code = Integer.parseInt(status.substring(9, 12));
        long length = -1;
        boolean chunked = false;
        boolean close = status.startsWith("HTTP/1.0");
        String etag = "";
        for (String header = readLine(); !header.isEmpty(); header = readLine()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "connection" -> close |= value.equalsIgnoreCase("close");
                case "etag" -> etag = value.replace("\"", "");
                default -> {}
            }
        }
        if (headOnly) {
            length = Math.max(0, length);
        } else if (code == 204 || code == 304) {
            length = 0;
        } else if (chunked) {
            length = readChunks(sink);
        } else if (length >= 0) {
            readBody(length, sink);
        } else {
            length = readToEnd(sink);
        }
        if (close) {
            close();
        }
        return new Response(code, length, etag);
    }

    private long readChunks(BodySink sink) throws IOException {
        long total = 0;
        for (long size = chunkSize(); size > 0; size = chunkSize()) {
            readBody(size, sink);
            readLine();
            total += size;
        }
        while (!readLine().isEmpty()) {
            // trailers
        }
        return total;
    }

    private long chunkSize() throws IOException {
        String text = readLine();
        int end = text.indexOf(';');
        return Long.parseLong(end < 0 ? text : text.substring(0, end), 16);
    }

    private void readBody(long length, BodySink sink) throws IOException {
        long left = length;
        while (left > 0) {
            if (!in.hasRemaining()) {
                fill();
            }
            int take = (int) Math.min(in.remaining(), left);
            sink.accept(in.slice(in.position(), take));
            in.position(in.position() + take);
            left -= take;
        }
    }

    private long readToEnd(BodySink sink) throws IOException {
        long total = 0;
        try {
            while (true) {
                if (!in.hasRemaining()) {
                    fill();
                }
                total += in.remaining();
                sink.accept(in.slice());
                in.position(in.limit());
            }
        } catch (EOFException e) {
            close();
            return total;
        }
    }

    private String readLine() throws IOException {
        int size = 0;
        while (true) {
            if (!in.hasRemaining()) {
                fill();
            }
            byte b = in.get();
            if (b == '\n') {
                int end = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
                return new String(line, 0, end, StandardCharsets.ISO_8859_1);
            }
            if (size == line.length) {
                throw new IOException("a line of more than " + size + " bytes");
            }
            line[size++] = b;
        }
    }

    private void fill() throws IOException {
        Wire from = wire;
        in.clear();
        int count = -1;
        try {
            if (from != null) {
                count = from.read(in);
            }
        } finally {
            in.flip();
        }
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    @Override
    public void close() throws IOException {
        Wire open = wire;
        if (open != null) {
            wire = null;
            open.close();
        }
    }
}
