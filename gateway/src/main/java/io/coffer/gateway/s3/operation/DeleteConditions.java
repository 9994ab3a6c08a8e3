package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.HttpDate;
import io.coffer.gateway.s3.header.WriteConditions;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions something is deleted. Amazon takes those on size and time for directory buckets only; here they hold for
 * all.
 */
public final class DeleteConditions {
    private static final String SIZE = "x-amz-if-match-size";
    private static final String TIME = "x-amz-if-match-last-modified-time";
    private static final String BYPASS = "x-amz-bypass-governance-retention";
    private static final long NONE = -1;

    private DeleteConditions() {}

    /** Of DeleteObject. */
    public static DeleteTarget target(String key, @Nullable VersionSelector version, Headers headers)
            throws S3Exception {
        return new DeleteTarget(
                key,
                version,
                WriteConditions.ofDelete(headers),
                size(headers.first(SIZE)),
                time(headers.first(TIME)),
                bypasses(headers));
    }

    /** Whether a client asks to get round governance. Only who may do so may ask. */
    public static boolean bypasses(Headers headers) {
        String asked = headers.first(BYPASS);
        return asked != null && asked.equalsIgnoreCase("true");
    }

    /** Of one object of DeleteObjects; null for no condition. */
    public static DeleteTarget target(
            String key,
            @Nullable VersionSelector version,
            @Nullable String etag,
            @Nullable String size,
            @Nullable String time,
            boolean bypassing)
            throws S3Exception {
        WriteCondition condition = etag == null ? WriteCondition.NONE : WriteConditions.ofDelete(etag);
        return new DeleteTarget(key, version, condition, size(size), time(time), bypassing);
    }

    private static long size(@Nullable String text) throws S3Exception {
        if (text == null) {
            return NONE;
        }
        try {
            long size = Long.parseLong(text.strip());
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw ListParameters.invalid(SIZE, text, "The size must be a number of bytes");
    }

    private static long time(@Nullable String text) throws S3Exception {
        if (text == null) {
            return NONE;
        }
        OptionalLong seconds = HttpDate.parse(text);
        if (seconds.isEmpty() || seconds.getAsLong() < 0) {
            throw ListParameters.invalid(TIME, text, "The time must be a date");
        }
        return seconds.getAsLong();
    }

    /** Where nothing can be locked there is nothing to bypass, and Amazon says so. */
    public static void refuseBypass(Headers headers, Bucket bucket) throws S3Exception {
        if (headers.contains(BYPASS) && !bucket.settings().partition().lock().enabled()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, BYPASS + " is only applicable to Object Lock enabled buckets.")
                    .with("ArgumentName", BYPASS);
        }
    }

    /** Which of a target's conditions to name when they don't hold together. */
    public static S3Exception failed(DeleteTarget target) {
        if (!target.condition().ifMatch().isEmpty()) {
            return WriteConditions.failed("If-Match");
        }
        return WriteConditions.failed(target.ifMatchSize() == NONE ? TIME : SIZE);
    }
}
