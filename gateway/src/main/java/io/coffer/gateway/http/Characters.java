package io.coffer.gateway.http;

/** The character classes of RFC 9110, over bytes. */
final class Characters {
    private static final boolean[] TOKEN = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private Characters() {}

    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** What a header's value may hold between its ends: visible, space, tab, or not ASCII. */
    static boolean isFieldContent(byte b) {
        return b < 0 || b >= ' ' && b != 0x7f || b == '\t';
    }

    /** What a request's target may hold: ASCII that can be seen. Anything else must come percent-encoded. */
    static boolean isTarget(byte b) {
        return b > ' ' && b != 0x7f;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
