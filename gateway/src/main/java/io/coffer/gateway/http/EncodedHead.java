package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** A response's head in bytes, but for what only the event loop knows: Connection, Date, and the empty line. */
final class EncodedHead {
    private final byte[] bytes;
    private final int size;
    private final boolean wantsClose;

    private EncodedHead(byte[] bytes, int size, boolean wantsClose) {
        this.bytes = bytes;
        this.size = size;
        this.wantsClose = wantsClose;
    }

    /** How the end of the body is told. */
    enum Framing {
        /** Content-Length: the number given. */
        LENGTH,
        CHUNKED,
        /** By closing, or there is none and nothing to tell. */
        NOTHING
    }

    static EncodedHead of(ResponseHead head, Framing framing, long length) {
        Writer out = new Writer();
        out.ascii("HTTP/1.1 ")
                .number(head.status())
                .ascii(" ")
                .ascii(reason(head.status()))
                .ascii("\r\n");
        boolean close = false;
        for (Header header : head.headers()) {
            switch (header.name().toLowerCase(Locale.ROOT)) {
                case "connection" -> close |= header.value().equalsIgnoreCase("close");
                case "content-length", "transfer-encoding" ->
                    throw new IllegalArgumentException(header.name() + " is the server's to say");
                case "date" -> {} // the server's, too
                default ->
                    out.name(header.name()).ascii(": ").value(header.value()).ascii("\r\n");
            }
        }
        switch (framing) {
            case LENGTH -> out.ascii("Content-Length: ").number(length).ascii("\r\n");
            case CHUNKED -> out.ascii("Transfer-Encoding: chunked\r\n");
            case NOTHING -> {}
        }
        return new EncodedHead(out.bytes, out.size, close);
    }

    int size() {
        return size;
    }

    /** Whether the handler asked for the connection's end. */
    boolean wantsClose() {
        return wantsClose;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes, 0, size);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 412 -> "Precondition Failed";
            case 414 -> "URI Too Long";
            case 416 -> "Requested Range Not Satisfiable";
            case 417 -> "Expectation Failed";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 505 -> "HTTP Version Not Supported";
            case 507 -> "Insufficient Storage";
            default -> status < 300 ? "Success" : status < 400 ? "Redirect" : "Error";
        };
    }

    private static final class Writer {
        private static final int INITIAL_BYTES = 512;

        private byte[] bytes = new byte[INITIAL_BYTES];
        private int size;

        Writer ascii(String text) {
            return raw(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Writer number(long value) {
            return ascii(Long.toString(value));
        }

        Writer name(String name) {
            for (int i = 0; i < name.length(); i++) {
                if (name.charAt(i) > 0x7f || !Characters.isToken((byte) name.charAt(i))) {
                    throw new IllegalArgumentException("not a header name: " + name);
                }
            }
            return ascii(name);
        }

        /** One byte per character; what a byte can't hold becomes a question mark, and nothing can start a new line. */
        Writer value(String value) {
            byte[] encoded = value.getBytes(StandardCharsets.ISO_8859_1);
            for (byte b : encoded) {
                if (!Characters.isFieldContent(b)) {
                    throw new IllegalArgumentException("a header's value has a control character");
                }
            }
            return raw(encoded);
        }

        private Writer raw(byte[] more) {
            if (size + more.length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more.length));
            }
            System.arraycopy(more, 0, bytes, size, more.length);
            size += more.length;
            return this;
        }
    }
}
