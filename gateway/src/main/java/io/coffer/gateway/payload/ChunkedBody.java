package io.coffer.gateway.payload;

import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes aws-chunked framing off, without copying: what it lends are slices of what it was lent.
 *
 * <pre>
 *   body    = *chunk last-chunk *trailer CRLF
 *   chunk   = size [";chunk-signature=" 64hex] CRLF size*OCTET CRLF
 *   last    = "0"  [";chunk-signature=" 64hex] CRLF
 *   trailer = name ":" value (CRLF | LF CRLF)       signed: the last is x-amz-trailer-signature
 * </pre>
 *
 * <p>The end is only reported when the zero chunk came, the decoded length is exactly the declared one, every signature and the
 * announced trailers were right, and nothing follows. A chunk larger than what is left of the declared length is refused by its
 * header, so that a signature to be checked at its end can't be put off for ever. Used by one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">S3: trailing headers</a>
 */
final class ChunkedBody implements ObjectBody {
    /** What S3 wants of every chunk that has another behind it. */
    private static final long MIN_CHUNK_BYTES = 8192;

    private static final String SIGNATURE_EXTENSION = ";chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";
    private static final int SIGNATURE_DIGITS = 64;
    private static final int MAX_SIZE_DIGITS = 16;

    private enum State {
        CHUNK_HEADER,
        DATA,
        DATA_END,
        TRAILERS,
        END
    }

    private final RequestBody body;
    private final long length;
    private final @Nullable ChunkSignatures signatures;
    private final AnnouncedTrailers announced;

    private final LineBuffer line = new LineBuffer(Limits.MAX_CHUNK_LINE_BYTES);
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private final StringBuilder signedTrailer = new StringBuilder();

    private State state = State.CHUNK_HEADER;
    private @Nullable ByteBuffer lent;
    private long decoded;
    private long chunkNumber;
    private long chunkSize;
    private long chunkLeft;
    private String chunkSignature = "";
    private int trailerBytes;
    private boolean trailerSigned;

    /** @param signatures null when chunks carry none */
    ChunkedBody(RequestBody body, long length, @Nullable ChunkSignatures signatures, AnnouncedTrailers announced) {
        this.body = body;
        this.length = length;
        this.signatures = signatures;
        this.announced = announced;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable String trailer(String name) {
        return trailers.get(name);
    }

    @Override
    public @Nullable ByteBuffer read() throws S3Exception, IOException {
        while (true) {
            if (state == State.END) {
                return null;
            }
            ByteBuffer in = lent;
            if (in == null || !in.hasRemaining()) {
                in = next();
                if (in == null) {
                    throw PayloadErrors.brokenFraming();
                }
                lent = in;
            }
            switch (state) {
                case CHUNK_HEADER -> {
                    if (line.take(in)) {
                        chunkHeader();
                    }
                }
                case DATA -> {
                    return data(in);
                }
                case DATA_END -> {
                    if (line.take(in)) {
                        dataEnd();
                    }
                }
                case TRAILERS -> {
                    if (line.take(in) && trailerLine()) {
                        finish(in);
                        state = State.END;
                    }
                }
                case END -> throw new IllegalStateException("read on after the end");
            }
        }
    }

    private @Nullable ByteBuffer next() throws S3Exception, IOException {
        try {
            return body.read();
        } catch (RequestBodyException e) {
            throw PayloadErrors.of(e);
        }
    }

    private void chunkHeader() throws S3Exception {
        String header = line.text();
        line.clear();
        int digits = signatures == null ? header.length() : header.indexOf(';');
        long size = size(header, digits);
        chunkNumber++;
        if (size > 0 && chunkNumber > 1 && chunkSize < MIN_CHUNK_BYTES) {
            throw new S3Exception(S3Error.INVALID_CHUNK_SIZE)
                    .with("Chunk", Long.toString(chunkNumber))
                    .with("BadChunkSize", Long.toString(chunkSize));
        }
        if (size > length - decoded || size == 0 && decoded != length) {
            throw PayloadErrors.wrongLength();
        }
        if (signatures != null) {
            chunkSignature = signature(header, digits);
        }
        chunkSize = size;
        chunkLeft = size;
        if (size > 0) {
            state = State.DATA;
        } else {
            if (signatures != null) {
                signatures.verifyChunk(chunkSignature);
            }
            state = State.TRAILERS;
        }
    }

    private static long size(String header, int digits) throws S3Exception {
        if (digits <= 0 || digits > MAX_SIZE_DIGITS) {
            throw PayloadErrors.brokenFraming();
        }
        long size = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(header.charAt(i), 16);
            if (digit < 0 || size > Long.MAX_VALUE >> 4) {
                throw PayloadErrors.brokenFraming();
            }
            size = size << 4 | digit;
        }
        return size;
    }

    private static String signature(String header, int from) throws S3Exception {
        if (header.length() != from + SIGNATURE_EXTENSION.length() + SIGNATURE_DIGITS
                || !header.startsWith(SIGNATURE_EXTENSION, from)) {
            throw PayloadErrors.brokenFraming();
        }
        return header.substring(from + SIGNATURE_EXTENSION.length());
    }

    private ByteBuffer data(ByteBuffer in) {
        int take = (int) Math.min(in.remaining(), chunkLeft);
        ByteBuffer piece = in.slice(in.position(), take);
        in.position(in.position() + take);
        if (signatures != null) {
            signatures.update(piece);
        }
        decoded += take;
        chunkLeft -= take;
        if (chunkLeft == 0) {
            state = State.DATA_END;
        }
        return piece;
    }

    private void dataEnd() throws S3Exception {
        if (!line.isEmpty()) {
            throw PayloadErrors.brokenFraming();
        }
        line.clear();
        if (signatures != null) {
            signatures.verifyChunk(chunkSignature);
        }
        state = State.CHUNK_HEADER;
    }

    /** Returns whether that was the empty line at the end. */
    private boolean trailerLine() throws S3Exception {
        if (line.isEmpty()) {
            checkTrailers();
            return true;
        }
        String text = line.text().stripTrailing(); // a LF before the CRLF
        line.clear();
        trailerBytes += text.length();
        int colon = text.indexOf(':');
        if (colon <= 0 || trailerSigned || trailerBytes > Limits.MAX_TRAILER_BYTES || hasControls(text)) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).strip();
        if (signatures != null && signatures.hasTrailer() && name.equals(TRAILER_SIGNATURE)) {
            signatures.verifyTrailer(signedTrailer.toString(), value);
            trailerSigned = true;
        } else {
            if (!announced.names().contains(name) || trailers.putIfAbsent(name, value) != null) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
            signedTrailer.append(name).append(':').append(value).append('\n');
        }
        return false;
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> c < ' ' && c != '\t' || c >= 0x7f);
    }

    private void checkTrailers() throws S3Exception {
        if (!trailers.keySet().containsAll(announced.names())) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        if (signatures != null && signatures.hasTrailer() && !trailerSigned) {
            throw PayloadErrors.brokenFraming();
        }
    }

    /** Nothing may follow; reading to the transport's own end also takes its last chunk off the connection. */
    private void finish(ByteBuffer in) throws S3Exception, IOException {
        if (in.hasRemaining() || next() != null) {
            throw PayloadErrors.brokenFraming();
        }
        lent = null;
    }

    /** Collects one line up to its CRLF, across as many buffers as it takes. */
    private static final class LineBuffer {
        private final byte[] bytes;
        private int size;

        LineBuffer(int limit) {
            bytes = new byte[limit];
        }

        /** Takes bytes up to and including the next CRLF; returns whether it was there. */
        boolean take(ByteBuffer in) throws S3Exception {
            while (in.hasRemaining()) {
                if (size == bytes.length) {
                    throw PayloadErrors.brokenFraming();
                }
                byte b = in.get();
                bytes[size++] = b;
                if (b == '\n' && size >= 2 && bytes[size - 2] == '\r') {
                    return true;
                }
            }
            return false;
        }

        boolean isEmpty() {
            return size == 2;
        }

        /** The line without its end. */
        String text() {
            return new String(bytes, 0, size - 2, StandardCharsets.ISO_8859_1);
        }

        void clear() {
            size = 0;
        }
    }
}
