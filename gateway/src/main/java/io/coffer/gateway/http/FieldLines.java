package io.coffer.gateway.http;

import java.nio.charset.StandardCharsets;

/** Reads header and trailer lines, strictly: what one server takes for a header, none may take for something else. */
final class FieldLines {
    private FieldLines() {}

    /**
     * The line in {@code bytes} from {@code start} to {@code end}, its CRLF excluded. Text is one character per byte, so that
     * nothing is lost of what isn't ASCII.
     */
    static Header parse(byte[] bytes, int start, int end) throws HttpFaultException {
        int colon = start;
        while (colon < end && Characters.isToken(bytes[colon])) {
            colon++;
        }
        // Also refuses a folded line, an empty name, and white space before the colon.
        if (colon == start || colon == end || bytes[colon] != ':') {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        int from = colon + 1;
        int to = end;
        while (from < to && Characters.isSpace(bytes[from])) {
            from++;
        }
        while (to > from && Characters.isSpace(bytes[to - 1])) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (!Characters.isFieldContent(bytes[i])) {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
        }
        return new Header(text(bytes, start, colon), text(bytes, from, to));
    }

    static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
