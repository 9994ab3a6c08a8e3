package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Locale;

/**
 * Headers that ask for what isn't offered. To ignore one would break a promise: of a check. Other unknown headers are ignored, as S3 does.
 */
public final class UnofferedHeaders {
    private static final String PREFIX = "x-amz-";

    private UnofferedHeaders() {}

    /** Refuses the request if it has such a header. */
    public static void refuse(Headers headers) throws S3Exception {
        refuse(headers, "");
    }

    /** @param offered lower-case name of a header that this operation honours */
    public static void refuse(Headers headers, String offered) throws S3Exception {
        for (Header line : headers) {
            if (line.name().regionMatches(true, 0, PREFIX, 0, PREFIX.length())
                    && !line.name().equalsIgnoreCase(offered)) {
                refuseLine(line.name().toLowerCase(Locale.ROOT), line.value());
            }
        }
    }

    private static void refuseLine(String name, String value) throws S3Exception {
        switch (name) {
            case "x-amz-bucket-namespace" -> {
                if (!value.equals("global")) {
                    throw notImplemented(name);
                }
            }
            case "x-amz-write-offset-bytes",
                    "x-amz-checksum-sha512",
                    "x-amz-checksum-md5",
                    "x-amz-checksum-xxhash64",
                    "x-amz-checksum-xxhash3",
                    "x-amz-checksum-xxhash128" -> throw notImplemented(name);
            default -> {}
        }
    }

    /** NotImplemented, naming the header. */
    static S3Exception notImplemented(String header) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
    }
}
