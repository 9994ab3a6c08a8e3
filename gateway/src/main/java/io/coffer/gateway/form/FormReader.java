package io.coffer.gateway.form;

import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes a form apart as it arrives, without copying its file: what {@link #content} lends are slices of what it was lent.
 *
 * <pre>
 *   form      = [*OCTET CRLF] "--" boundary part *(delimiter part) delimiter "--" *OCTET
 *   part      = *blank CRLF *(header CRLF) [CRLF *OCTET]
 *   delimiter = CRLF "--" boundary
 * </pre>
 *
 * <p>All that isn't the file's content is bounded together, as by Amazon, so that nobody who hasn't been authenticated can make a
 * gateway read or keep more. Used by one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1">RFC 2046: multipart</a>
 */
final class FormReader {
    /** Amazon's limit of "the form data and boundaries (excluding the contents of the file)". */
    static final int MAX_BYTES_BESIDE_FILE = 20 << 10;

    /** The end of the line before a delimiter belongs to it. */
    private static final int LINE_END = 2;

    private final RequestBody body;
    private final byte[] delimiter;

    private @Nullable ByteBuffer lent;

    /** Bytes taken of the body, and how many of them weren't the file's. */
    private long taken;

    private int beside;

    private boolean inFile;

    /** Bytes of the delimiter that were seen at the end of what was taken. */
    private int matched;

    /** How many of them aren't content if it is none after all: an end of line that belongs to what is before. */
    private int given;

    FormReader(RequestBody body, Boundary boundary) {
        this.body = body;
        this.delimiter = boundary.delimiter();
        startLine();
    }

    private void startLine() {
        matched = LINE_END;
        given = LINE_END;
    }

    /** Goes to the first part. */
    void begin() throws S3Exception, IOException {
        skip();
    }

    /** Reads the lines before a part's content; null when there was no part but the end of the form. */
    @Nullable
    PartHead nextPart() throws S3Exception, IOException {
        int first = next();
        int second = next();
        if (first == '-' && second == '-') {
            return null;
        }
        while (first == ' ' || first == '\t') {
            first = second;
            second = next();
        }
        if (first != '\r' || second != '\n') {
            throw FormErrors.malformed();
        }
        String disposition = null;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (PartHead.isDisposition(line)) {
                if (disposition != null) {
                    throw FormErrors.malformed();
                }
                disposition = line;
            }
        }
        if (disposition == null) {
            throw FormErrors.malformed();
        }
        startLine();
        return PartHead.parse(disposition);
    }

    private String line() throws S3Exception, IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = next();
        while (c != '\r') {
            line.write(c);
            c = next();
        }
        if (next() != '\n') {
            throw FormErrors.malformed();
        }
        return PartHead.utf8(line.toByteArray());
    }

    private int next() throws S3Exception, IOException {
        ByteBuffer in = available();
        took(1);
        return in.get() & 0xff;
    }

    /** The whole content of a field. */
    String field() throws S3Exception, IOException {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        for (ByteBuffer piece = content(); piece != null; piece = content()) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            field.writeBytes(bytes);
        }
        return PartHead.utf8(field.toByteArray());
    }

    void skip() throws S3Exception, IOException {
        ByteBuffer piece = content();
        while (piece != null) {
            piece = content();
        }
    }

    /** The content that follows is the file's, of any length, until {@link #leaveFile}. */
    void enterFile() {
        inFile = true;
    }

    void leaveFile() throws S3Exception {
        inFile = false;
        count(delimiter.length);
    }

    /** The most bytes that the content which follows can have; -1 when the client didn't say how long the form is. */
    long mostContent() {
        return body.length() < 0 ? -1 : Math.max(0, body.length() - taken - delimiter.length - "--".length());
    }

    /** Reads what is behind the end of the form, to the verified end of the body. */
    void finish() throws S3Exception, IOException {
        for (ByteBuffer in = lent == null ? body.read() : lent; in != null; in = body.read()) {
            took(in.remaining());
        }
        lent = null;
    }

    /** The next bytes of a part's content, at least one; null behind the delimiter that ends it. Lent until the next call. */
    @Nullable
    ByteBuffer content() throws S3Exception, IOException {
        while (true) {
            ByteBuffer in = available();
            if (matched > 0) {
                while (in.hasRemaining() && matched < delimiter.length && in.get(in.position()) == delimiter[matched]) {
                    in.get();
                    took(1);
                    matched++;
                }
                if (matched < delimiter.length && !in.hasRemaining()) {
                    continue;
                }
                boolean whole = matched == delimiter.length;
                byte[] held = Arrays.copyOfRange(delimiter, given, matched);
                matched = 0;
                given = 0;
                if (whole) {
                    return null;
                }
                if (held.length > 0) {
                    return ByteBuffer.wrap(held);
                }
            }
            int start = in.position();
            int end = possibleDelimiter(in);
            if (end > start) {
                in.position(end);
                took(end - start);
                return in.slice(start, end - start);
            }
            in.get();
            took(1);
            matched = 1;
        }
    }

    /**
     * Where the delimiter begins, or might begin as far as the buffer goes; its limit if nowhere. The first byte of a delimiter is in it
     * once, so no other can begin inside what turned out to be none.
     */
    private int possibleDelimiter(ByteBuffer in) {
        for (int at = in.position(); at < in.limit(); at++) {
            if (in.get(at) == delimiter[0]) {
                int length = Math.min(delimiter.length, in.limit() - at);
                int same = 1;
                while (same < length && in.get(at + same) == delimiter[same]) {
                    same++;
                }
                if (same == length) {
                    return at;
                }
            }
        }
        return in.limit();
    }

    private ByteBuffer available() throws S3Exception, IOException {
        ByteBuffer in = lent;
        while (in == null || !in.hasRemaining()) {
            in = body.read();
            if (in == null) {
                throw FormErrors.malformed();
            }
            lent = in;
        }
        return in;
    }

    private void took(int bytes) throws S3Exception {
        taken += bytes;
        if (!inFile) {
            count(bytes);
        }
    }

    private void count(int bytes) throws S3Exception {
        beside += bytes;
        if (beside > MAX_BYTES_BESIDE_FILE) {
            throw FormErrors.fieldsTooLarge();
        }
    }
}
