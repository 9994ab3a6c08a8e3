package io.coffer.gateway.auth;

import java.nio.charset.StandardCharsets;

/**
 * Amazon's canonical percent-encoding: UTF-8 bytes other than letters, digits, {@code -._~} as upper-case {@code %XX}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">S3: UriEncode()</a>
 */
public final class UriEncoding {
    private static final boolean[] UNRESERVED = new boolean[128];
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    static {
        for (int c = 0; c < UNRESERVED.length; c++) {
            UNRESERVED[c] = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '.'
                    || c == '_'
                    || c == '~';
        }
    }

    private UriEncoding() {}

    /** A path: slashes stay. */
    public static String path(String decoded) {
        return encode(decoded, true);
    }

    /** A query parameter's name or value: slashes are encoded too. */
    public static String component(String decoded) {
        return encode(decoded, false);
    }

    private static String encode(String text, boolean keepSlash) {
        int plain = plainPrefix(text, keepSlash);
        if (plain == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32).append(text, 0, plain);
        for (byte b : text.substring(plain).getBytes(StandardCharsets.UTF_8)) {
            if (b >= 0 && (UNRESERVED[b] || keepSlash && b == '/')) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[(b >> 4) & 0xf]).append(HEX[b & 0xf]);
            }
        }
        return out.toString();
    }

    /** How many characters from the start need no encoding. */
    private static int plainPrefix(String text, boolean keepSlash) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 128 || !UNRESERVED[c] && !(keepSlash && c == '/')) {
                return i;
            }
        }
        return length;
    }
}
