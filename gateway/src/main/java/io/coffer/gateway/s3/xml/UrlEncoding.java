package io.coffer.gateway.s3.xml;

import java.nio.charset.StandardCharsets;

/** {@code encoding-type=url}: percent-encoded UTF-8 in the manner of forms (space is {@code +}), but with {@code /} kept. */
final class UrlEncoding {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private UrlEncoding() {}

    static String encode(String text) {
        int plain = 0;
        while (plain < text.length() && isKept(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 32);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isKept((char) (b & 0xff))) {
                encoded.append((char) b);
            } else if (b == ' ') {
                encoded.append('+');
            } else {
                encoded.append('%').append((char) HEX[b >> 4 & 0xf]).append((char) HEX[b & 0xf]);
            }
        }
        return encoded.toString();
    }

    private static boolean isKept(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '/'
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '*';
    }
}
