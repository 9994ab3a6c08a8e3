package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;

/** {@code If-Match} and {@code If-None-Match} of writes and deletes, of which S3 takes less than HTTP has. */
public final class WriteConditions {
    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";

    private WriteConditions() {}

    /** Of a write: one entity tag in {@code If-Match}, or {@code *} in {@code If-None-Match}, not both. */
    public static WriteCondition ofWrite(Headers headers) throws S3Exception {
        String match = headers.first(IF_MATCH);
        String noneMatch = headers.first(IF_NONE_MATCH);
        if (match == null && noneMatch == null) {
            return WriteCondition.NONE;
        }
        if (match != null && noneMatch != null) {
            throw notImplemented(
                    IF_MATCH + "," + IF_NONE_MATCH, "Multiple conditional request headers present in the request");
        }
        if (match != null) {
            EntityTags tags = EntityTags.parse(match);
            if (tags.any()) {
                throw unacceptable(IF_MATCH);
            }
            return new WriteCondition(orImpossible(tags), List.of());
        }
        if (!EntityTags.parse(String.valueOf(noneMatch)).any()) {
            throw unacceptable(IF_NONE_MATCH);
        }
        return new WriteCondition(List.of(), List.of("*"));
    }

    /** Of a delete: {@code If-Match} alone, where {@code *} means that there must be something. */
    public static WriteCondition ofDelete(Headers headers) {
        String match = headers.first(IF_MATCH);
        return match == null ? WriteCondition.NONE : ofDelete(match);
    }

    /** Of one object of a multi-object delete. */
    public static WriteCondition ofDelete(String etag) {
        return new WriteCondition(orImpossible(EntityTags.parse(etag)), List.of());
    }

    /** An empty list means no condition, so that a header without a usable tag becomes one that nothing has. */
    private static List<String> orImpossible(EntityTags tags) {
        List<String> values = tags.strongValues();
        return values.isEmpty() ? List.of("") : values;
    }

    /** What to tell a client when the rules say that its condition doesn't hold. */
    public static S3Exception failed(WriteCondition condition) {
        return failed(condition.ifMatch().isEmpty() ? IF_NONE_MATCH : IF_MATCH);
    }

    public static S3Exception failed(String condition) {
        return new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", condition);
    }

    private static S3Exception unacceptable(String header) {
        return notImplemented(header, "We don't accept the provided value of " + header + " header for this API");
    }

    private static S3Exception notImplemented(String header, String message) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header).with("additionalMessage", message);
    }
}
