package io.coffer.gateway.s3.header;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Set;

/**
 * {@code x-amz-storage-class}. Classes whose objects can be read at once are kept as a label; all are stored alike. Those that
 * promise something else (objects that must be restored first, other places) are refused.
 */
public final class StorageClasses {
    public static final String HEADER = "x-amz-storage-class";
    public static final String STANDARD = "STANDARD";

    private static final Set<String> ACCEPTED =
            Set.of(STANDARD, "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR");

    private StorageClasses() {}

    static void check(String storageClass) throws S3Exception {
        if (!ACCEPTED.contains(storageClass)) {
            throw new S3Exception(S3Error.INVALID_STORAGE_CLASS).with("StorageClassRequested", storageClass);
        }
    }
}
