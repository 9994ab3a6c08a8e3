package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the buckets that requests name. Thread-safe. */
public final class Buckets {
    private static final String EXPECTED_OWNER = "x-amz-expected-bucket-owner";
    private static final String EXPECTED_SOURCE_OWNER = "x-amz-source-expected-bucket-owner";
    private static final Pattern ACCOUNT_ID = Pattern.compile("[0-9]{12}");

    private final MetadataService metadata;

    public Buckets(MetadataService metadata) {
        this.metadata = metadata;
    }

    /** The bucket of the request's target. NoSuchBucket, or AccessDenied when it isn't whose the client expects. */
    public Bucket of(S3Request request) throws S3Exception {
        Bucket authorized = request.authorized();
        Bucket bucket = authorized == null ? metadata.bucket(request.bucket()) : authorized;
        checkOwner(bucket, request.headers().first(EXPECTED_OWNER));
        return bucket;
    }

    /** The bucket of a copy's source. */
    Bucket ofSource(String name, Headers headers) throws S3Exception {
        Bucket bucket = metadata.bucket(name);
        checkOwner(bucket, headers.first(EXPECTED_SOURCE_OWNER));
        return bucket;
    }

    private static void checkOwner(Bucket bucket, @Nullable String expected) throws S3Exception {
        if (expected == null) {
            return;
        }
        if (!ACCOUNT_ID.matcher(expected).matches()) {
            throw new S3Exception(
                    S3Error.INVALID_BUCKET_OWNER, S3Error.INVALID_BUCKET_OWNER.message() + " [" + expected + "]");
        }
        if (!expected.equals(bucket.owner().value())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }
}
