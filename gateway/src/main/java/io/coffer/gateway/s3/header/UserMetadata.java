package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code x-amz-meta-*}: stored as text by lower-case name. A value may come as RFC 2047 encoded words or as raw UTF-8 (bytes that
 * aren't are taken as ISO 8859-1); what isn't ASCII goes out as an encoded word.
 */
public final class UserMetadata {
    public static final String PREFIX = "x-amz-meta-";

    /** The sum of the bytes of all names and values in UTF-8. */
    public static final int MAX_BYTES = 2048;

    private UserMetadata() {}

    /** MetadataTooLarge past the limit. */
    public static Map<String, String> parse(Headers headers) throws S3Exception {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Header line : headers) {
            String name = line.name();
            if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && name.length() > PREFIX.length()) {
                String key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                metadata.merge(key, decode(line.value()), (one, other) -> one + "," + other);
            }
        }
        if (!metadata.isEmpty()) {
            checkSize(metadata);
        }
        return metadata;
    }

    private static void checkSize(Map<String, String> metadata) throws S3Exception {
        int size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            size += utf8(entry.getKey()).length + utf8(entry.getValue()).length;
        }
        if (size > MAX_BYTES) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE)
                    .with("Size", Integer.toString(size))
                    .with("MaxSizeAllowed", Integer.toString(MAX_BYTES));
        }
    }

    public static void write(Map<String, String> metadata, Headers.Builder response) {
        metadata.forEach((name, value) -> response.add(PREFIX + name, encode(value)));
    }

    private static String decode(String value) {
        String raw = isAscii(value) ? value : rawText(value);
        return raw.contains("=?") ? EncodedWords.decode(raw) : raw;
    }

    /** Header values are bytes, one to a character. */
    private static String rawText(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return Percent.utf8(ByteBuffer.wrap(bytes)).orElse(value);
    }

    private static String encode(String value) {
        return isAscii(value) ? value : EncodedWords.encode(value);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x7f || c < ' ' && c != '\t') {
                return false;
            }
        }
        return true;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
