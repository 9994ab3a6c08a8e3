package io.coffer.gateway.s3.header;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** The value of {@code x-amz-rename-source}: percent-encoded {@code key}, or {@code /bucket/key}. */
public final class RenameSource {
    public static final String HEADER = "x-amz-rename-source";

    private RenameSource() {}

    /** The key that is to be renamed, in the bucket. */
    public static String parse(@Nullable String header, String bucket) throws S3Exception {
        if (header == null || header.isEmpty()) {
            throw invalid("You must specify the source of the rename", "");
        }
        String decoded = Percent.decode(header).orElseThrow(() -> invalid("Invalid rename source encoding", header));
        String key = decoded;
        if (header.startsWith("/")) {
            String prefix = "/" + bucket + "/";
            if (!decoded.startsWith(prefix)) {
                throw invalid("The source of a rename must be in the same bucket", header);
            }
            key = decoded.substring(prefix.length());
        }
        if (key.isEmpty()) {
            throw invalid("Invalid rename source object key", header);
        }
        Keys.check(key);
        return key;
    }

    private static S3Exception invalid(String message, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", HEADER)
                .with("ArgumentValue", value);
    }
}
