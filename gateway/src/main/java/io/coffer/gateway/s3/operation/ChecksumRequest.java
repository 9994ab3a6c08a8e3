package io.coffer.gateway.s3.operation;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which checksum a request wants an object to have: {@code x-amz-checksum-algorithm} and {@code x-amz-checksum-type}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html">S3: full object and
 *     composite checksums</a>
 */
public final class ChecksumRequest {
    private static final String ALGORITHM = "x-amz-checksum-algorithm";
    private static final String TYPE = "x-amz-checksum-type";

    private ChecksumRequest() {}

    /** The algorithm, or null. */
    public static @Nullable ChecksumAlgorithm algorithm(Headers headers) throws S3Exception {
        String name = headers.first(ALGORITHM);
        if (name == null) {
            return null;
        }
        return ChecksumAlgorithm.byName(name)
                .orElseThrow(() -> new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                                + Arrays.toString(ChecksumAlgorithm.values())));
    }

    /** The type that a multipart upload's checksum is to have: what was asked for, or what its algorithm has by default. */
    public static StoredChecksum.@Nullable Type type(Headers headers, @Nullable ChecksumAlgorithm algorithm)
            throws S3Exception {
        StoredChecksum.Type asked = type(headers);
        if (algorithm == null) {
            if (asked != null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return null;
        }
        if (asked == null) {
            return algorithm.supportsComposite() ? StoredChecksum.Type.COMPOSITE : StoredChecksum.Type.FULL_OBJECT;
        }
        boolean supported = switch (asked) {
            case COMPOSITE -> algorithm.supportsComposite();
            case FULL_OBJECT -> algorithm.supportsFullObject();
        };
        if (!supported) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The " + asked + " checksum type cannot be used with the " + lower(algorithm)
                            + " checksum algorithm.");
        }
        return asked;
    }

    /** The value of the type's header, or null. */
    public static StoredChecksum.@Nullable Type type(Headers headers) throws S3Exception {
        String type = headers.first(TYPE);
        return switch (type == null ? "" : type.toUpperCase(Locale.ROOT)) {
            case "COMPOSITE" -> StoredChecksum.Type.COMPOSITE;
            case "FULL_OBJECT" -> StoredChecksum.Type.FULL_OBJECT;
            default -> {
                if (type != null) {
                    throw new S3Exception(S3Error.INVALID_REQUEST, "Value for x-amz-checksum-type header is invalid.");
                }
                yield null;
            }
        };
    }

    /** The name of an algorithm inside messages. */
    public static String lower(@Nullable ChecksumAlgorithm algorithm) {
        return algorithm == null ? "null" : algorithm.name().toLowerCase(Locale.ROOT);
    }
}
