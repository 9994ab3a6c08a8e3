package io.coffer.gateway.s3.header;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;

/** What a key may be: any UTF-8 text of bounded length. */
public final class Keys {
    /** In bytes of UTF-8. */
    public static final int MAX_BYTES = 1024;

    private Keys() {}

    /** KeyTooLongError for a key that is. */
    public static void check(String key) throws S3Exception {
        if (key.length() * 3 <= MAX_BYTES) {
            return;
        }
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new S3Exception(S3Error.KEY_TOO_LONG)
                    .with("Size", Integer.toString(bytes))
                    .with("MaxSizeAllowed", Integer.toString(MAX_BYTES));
        }
    }

    /** The path of an object as URLs have it. */
    public static String urlPath(String bucket, String key) {
        return "/" + bucket + "/" + Percent.encodePath(key);
    }

    /** Text as one component of a URL. */
    public static String urlComponent(String text) {
        return Percent.encodePath(text).replace("/", "%2F");
    }
}
