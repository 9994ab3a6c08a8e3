package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/**
 * The value of {@code x-amz-copy-source}: percent-encoded {@code [/]bucket/key[?versionId=id]}.
 *
 * @param versionId as it was sent, or null
 */
public record CopySource(
        String bucket, String key, @Nullable String versionId) {
    public static final String HEADER = "x-amz-copy-source";

    private static final String VERSION_PARAMETER = "?versionId=";

    public static CopySource parse(String header) throws S3Exception {
        String path = header;
        String version = null;
        int question = header.lastIndexOf(VERSION_PARAMETER);
        if (question >= 0) {
            path = header.substring(0, question);
            version = header.substring(question + VERSION_PARAMETER.length());
            if (version.isEmpty()) {
                throw VersionIds.empty();
            }
        }
        String decoded = Percent.decode(path).orElseThrow(() -> invalid("Invalid copy source encoding", header));
        int start = decoded.startsWith("/") ? 1 : 0;
        int slash = decoded.indexOf('/', start);
        String bucket = slash < 0 ? decoded.substring(start) : decoded.substring(start, slash);
        if (bucket.isEmpty()) {
            throw invalid("Invalid copy source bucket name", header);
        }
        if (slash < 0 || slash == decoded.length() - 1) {
            throw invalid("Invalid copy source object key", header);
        }
        String key = decoded.substring(slash + 1);
        Keys.check(key);
        return new CopySource(bucket, key, version);
    }

    public VersionSelector version() throws S3Exception {
        return versionId == null ? VersionSelector.LATEST : VersionIds.parse(versionId);
    }

    private static S3Exception invalid(String message, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", HEADER)
                .with("ArgumentValue", value);
    }

    /**
     * The value of {@code x-amz-copy-source-range}, which must be exactly {@code bytes=first-last}.
     *
     * @param last inclusive
     */
    public record Range(long first, long last) {
        public static final String RANGE_HEADER = "x-amz-copy-source-range";

        public static Range parse(String header) throws S3Exception {
            if (header.startsWith("bytes=")
                    && RequestedRange.parse(header).orElse(null) instanceof RequestedRange.Slice(long first, long last)
                    && last != Long.MAX_VALUE) {
                return new Range(first, last);
            }
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the"
                                    + " zero-based offsets of the first and last bytes to copy")
                    .with("ArgumentName", RANGE_HEADER)
                    .with("ArgumentValue", header);
        }

        public long length() {
            return last - first + 1;
        }
    }
}
