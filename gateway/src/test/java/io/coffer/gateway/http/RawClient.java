package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends what it is told, byte for byte, and reads HTTP/1.1 responses. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient connect(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Socket socket() {
        return socket;
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** @param headers by lower-case name */
    record Response(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, ISO_8859_1);
        }

        String header(String name) {
            return headers.get(name);
        }
    }

    Response get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
    }

    Response read() throws IOException {
        return read(true);
    }

    /** The response to a HEAD. */
    Response readHead() throws IOException {
        return read(false);
    }

    private Response read(boolean withBody) throws IOException {
        String[] status = line().split(" ", 3);
        if (!status[0].startsWith("HTTP/1.")) {
            throw new IOException("not a status line: " + String.join(" ", status));
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (headers.put(name, line.substring(colon + 2)) != null) {
                throw new IOException("twice: " + line);
            }
        }
        int code = Integer.parseInt(status[1]);
        byte[] body = new byte[0];
        if (withBody && code != 100 && code != 204 && code != 304) {
            body = body(headers);
        }
        return new Response(code, headers, body);
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            byte[] body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
            if (body.length != Integer.parseInt(headers.get("content-length"))) {
                throw new EOFException("body of " + body.length + " bytes");
            }
            return body;
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = HexFormat.fromHexDigits(line()); size > 0; size = HexFormat.fromHexDigits(line())) {
            body.writeBytes(in.readNBytes(size));
            if (!line().isEmpty()) {
                throw new IOException("no end of line behind a chunk");
            }
        }
        if (!line().isEmpty()) {
            throw new IOException("a trailer");
        }
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection closed after: " + line);
            }
            line.append((char) b);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line without CRLF: " + line);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    int readByte() throws IOException {
        return in.read();
    }

    /** Whether the server has closed its side in order, without a reset. */
    boolean atEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
