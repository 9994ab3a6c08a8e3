package io.coffer.gateway.s3.header;

import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** Version ids as clients write them. */
public final class VersionIds {
    /** How S3 writes the id of the null version. */
    public static final String NULL = "null";

    public static final String PARAMETER = "versionId";
    public static final String HEADER = "x-amz-version-id";

    private VersionIds() {}

    /** The version that a request's {@code versionId} parameter means; the latest when it is null. */
    public static VersionSelector of(@Nullable String text) throws S3Exception {
        if (text == null) {
            return VersionSelector.LATEST;
        }
        if (text.isEmpty()) {
            throw empty();
        }
        return parse(text);
    }

    /** InvalidArgument for what can't be a version id. */
    public static VersionSelector parse(String text) throws S3Exception {
        if (text.equals(NULL)) {
            return VersionSelector.NULL;
        }
        try {
            return new VersionSelector.Exact(VersionId.parse(text));
        } catch (IllegalArgumentException e) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified")
                    .with("ArgumentName", PARAMETER)
                    .with("ArgumentValue", text);
        }
    }

    public static String text(VersionId version, boolean nullVersion) {
        return nullVersion ? NULL : version.toString();
    }

    /**
     * Adds the header that names a version, which only buckets that are or were versioned have.
     *
     * @param bucket maybe as it was before its versions were kept; only then is there a null version alone
     */
    public static void write(Bucket bucket, VersionId version, boolean nullVersion, Headers.Builder response) {
        if (isTold(bucket, nullVersion)) {
            response.add(HEADER, text(version, nullVersion));
        }
    }

    /** Adds the header that names the version that a write made. S3 doesn't name the null version that one makes while versioning is suspended. */
    public static void writeMade(VersionId version, boolean nullVersion, Headers.Builder response) {
        if (!nullVersion) {
            response.add(HEADER, version.toString());
        }
    }

    /** Whether a client is told of a version's id. */
    public static boolean isTold(Bucket bucket, boolean nullVersion) {
        return !nullVersion || bucket.versioning() != Versioning.UNVERSIONED;
    }

    static S3Exception empty() {
        return new S3Exception(S3Error.INVALID_ARGUMENT, "Version id cannot be the empty string")
                .with("ArgumentName", PARAMETER)
                .with("ArgumentValue", "");
    }
}
