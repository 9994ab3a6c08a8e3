package io.coffer.gateway.s3;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes percent-encoding, exactly once, to UTF-8 that is well-formed; anything else is InvalidURI. */
final class PercentDecoding {
    private PercentDecoding() {}

    /** @param text whose characters are bytes, as on the wire; a plus is a plus */
    static String path(String text) throws S3Exception {
        return decode(text, 0, text.length(), false);
    }

    /** A query parameter's name or value: a plus is a space. */
    static String component(String text, int from, int to) throws S3Exception {
        return decode(text, from, to, true);
    }

    private static String decode(String text, int from, int to, boolean plusIsSpace) throws S3Exception {
        if (isPlain(text, from, to, plusIsSpace)) {
            return text.substring(from, to);
        }
        byte[] bytes = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= to) {
                    throw invalid(text);
                }
                int high = hexDigit(text.charAt(i + 1));
                int low = hexDigit(text.charAt(i + 2));
                if (high < 0 || low < 0) {
                    throw invalid(text);
                }
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes[length++] = ' ';
            } else if (c > 0xff) {
                throw invalid(text);
            } else {
                bytes[length++] = (byte) c;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid(text);
        }
    }

    private static boolean isPlain(String text, int from, int to, boolean plusIsSpace) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%' || c >= 0x80 || plusIsSpace && c == '+') {
                return false;
            }
        }
        return true;
    }

    private static int hexDigit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static S3Exception invalid(String uri) {
        return new S3Exception(S3Error.INVALID_URI).with("URI", uri);
    }
}
