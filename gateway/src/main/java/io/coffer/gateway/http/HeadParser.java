package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects and parses one request head after another, strictly (RFC 9112): CRLF line ends only, no folding, no white space
 * before a colon, one framing header. Refuses as soon as the bytes can't become a head any more, without waiting for its end.
 * Netty's decoder isn't used because it forgives some of these, and reads on into the next request. Used by one event loop.
 */
final class HeadParser {
    private static final int INITIAL_BYTES = 1024;

    /** Longer buffers are given back after the head, so that idle connections are small. */
    private static final int MAX_KEPT_BYTES = 4096;

    /** Empty lines before a request line; some old clients send one behind a body. */
    private static final int MAX_LEADING_EMPTY_LINES = 2;

    private static final int MAX_METHOD_CHARACTERS = 32;
    private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/', '1', '.'};

    private final HttpLimits.Head limits;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;
    private int scanned;
    private int lineStart;
    private int leadingEmptyLines;

    /** Where each line ends (at its CR); the lines before {@code lineCount} are complete. */
    private int[] lineEnds = new int[32];

    private int lineCount;

    HeadParser(HttpLimits.Head limits) {
        this.limits = limits;
    }

    /** Whether a head has begun. The empty lines that may come before one are none: nobody waits for an answer to them. */
    boolean started() {
        return size > 2 * leadingEmptyLines;
    }

    /** Takes bytes up to the head's end, and returns the head once it is whole; then begins anew. */
    @Nullable
    ParsedHead parse(ByteBuf in) throws HttpFaultException {
        while (in.isReadable()) {
            int take = Math.min(in.readableBytes(), limits.bytes() + 1 - size);
            if (take <= 0) {
                throw new HttpFaultException(HttpFault.HEAD_TOO_LARGE);
            }
            reserve(size + take);
            in.readBytes(bytes, size, take);
            size += take;
            int end = scan();
            if (end >= 0) {
                in.readerIndex(in.readerIndex() - (size - end));
                ParsedHead head = head();
                reset();
                return head;
            }
        }
        return null;
    }

    private void reserve(int needed) {
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * bytes.length, limits.bytes() + 1)));
        }
    }

    private void reset() {
        size = 0;
        scanned = 0;
        lineStart = 0;
        leadingEmptyLines = 0;
        lineCount = 0;
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
    }

    /** Looks at the new bytes; returns the end of the head (behind its empty line), or -1. */
    private int scan() throws HttpFaultException {
        for (int i = scanned; i < size; i++) {
            byte b = bytes[i];
            boolean afterCr = i > lineStart && bytes[i - 1] == '\r';
            if (b == '\n') {
                if (!afterCr) {
                    throw new HttpFaultException(HttpFault.MALFORMED);
                }
                if (endLine(i - 1)) {
                    return i + 1;
                }
                lineStart = i + 1;
            } else if (afterCr || b == 0 || i == lineStart && lineCount == 0 && b != '\r' && !Characters.isToken(b)) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            } else if (lineCount == 0 && i - lineStart >= limits.requestLineBytes()) {
                throw new HttpFaultException(HttpFault.TARGET_TOO_LONG);
            }
        }
        scanned = size;
        if (size > limits.bytes()) {
            throw new HttpFaultException(HttpFault.HEAD_TOO_LARGE);
        }
        return -1;
    }

    /** Returns whether that line was the empty one at the head's end. */
    private boolean endLine(int end) throws HttpFaultException {
        if (end == lineStart) {
            if (lineCount > 0) {
                return true;
            }
            leadingEmptyLines++;
            if (leadingEmptyLines > MAX_LEADING_EMPTY_LINES) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
            return false;
        }
        if (lineCount > limits.headers()) {
            throw new HttpFaultException(HttpFault.HEAD_TOO_LARGE);
        }
        if (lineCount == lineEnds.length) {
            lineEnds = Arrays.copyOf(lineEnds, 2 * lineCount);
        }
        lineEnds[lineCount] = end;
        lineCount++;
        return false;
    }

    private ParsedHead head() throws HttpFaultException {
        int start = 2 * leadingEmptyLines;
        int end = lineEnds[0];
        int methodEnd = start;
        while (methodEnd < end && Characters.isToken(bytes[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == start
                || methodEnd - start > MAX_METHOD_CHARACTERS
                || methodEnd == end
                || bytes[methodEnd] != ' ') {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        int targetEnd = methodEnd + 1;
        while (targetEnd < end && bytes[targetEnd] != ' ') {
            if (!Characters.isTarget(bytes[targetEnd])) {
                throw new HttpFaultException(HttpFault.MALFORMED_TARGET);
            }
            targetEnd++;
        }
        int minor = minorVersion(targetEnd, end);
        String method = FieldLines.text(bytes, start, methodEnd);
        String target = FieldLines.text(bytes, methodEnd + 1, targetEnd);
        return HeadFraming.of(method, target, minor, new Headers(headers()));
    }

    private int minorVersion(int targetEnd, int end) throws HttpFaultException {
        int at = targetEnd + 1;
        if (end - at != VERSION.length + 1) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        byte minor = bytes[end - 1];
        if (!Arrays.equals(bytes, at, end - 1, VERSION, 0, VERSION.length)) {
            boolean otherVersion = Arrays.equals(bytes, at, at + 5, VERSION, 0, 5) && bytes[at + 6] == '.';
            throw new HttpFaultException(otherVersion ? HttpFault.VERSION_NOT_SUPPORTED : HttpFault.MALFORMED);
        }
        if (minor != '0' && minor != '1') {
            throw new HttpFaultException(
                    minor > '1' && minor <= '9' ? HttpFault.VERSION_NOT_SUPPORTED : HttpFault.MALFORMED);
        }
        return minor - '0';
    }

    private List<Header> headers() throws HttpFaultException {
        List<Header> headers = new ArrayList<>(lineCount);
        for (int line = 1; line < lineCount; line++) {
            headers.add(FieldLines.parse(bytes, lineEnds[line - 1] + 2, lineEnds[line]));
        }
        return headers;
    }
}
