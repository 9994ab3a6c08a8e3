package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Headers;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The four conditions of a read, or of a copy's source, in the precedence of RFC 9110, section 13.2.2, which is also S3's: a date
 * counts only where the tag condition of its kind is absent. Dates that aren't are ignored.
 *
 * @param prefix of the names of the headers they came from
 */
public record ReadConditions(
        String prefix,
        @Nullable EntityTags ifMatch,
        @Nullable EntityTags ifNoneMatch,
        OptionalLong ifModifiedSince,
        OptionalLong ifUnmodifiedSince) {

    private static final String COPY_SOURCE = "x-amz-copy-source-";
    private static final long MILLIS_PER_SECOND = 1000;

    /** What the conditions say of a version. */
    public sealed interface Outcome {
        Outcome HOLDS = new Holds();

        record Holds() implements Outcome {}

        /** The client has it already: 304 for a read, 412 for a copy. */
        record NotModified(String condition) implements Outcome {}

        /** 412. */
        record Failed(String condition) implements Outcome {}
    }

    public static ReadConditions of(Headers headers) {
        return of(headers, "");
    }

    public static ReadConditions ofCopySource(Headers headers) {
        return of(headers, COPY_SOURCE);
    }

    private static ReadConditions of(Headers headers, String prefix) {
        return new ReadConditions(
                prefix,
                tags(headers, prefix + "If-Match"),
                tags(headers, prefix + "If-None-Match"),
                date(headers, prefix + "If-Modified-Since"),
                date(headers, prefix + "If-Unmodified-Since"));
    }

    private static @Nullable EntityTags tags(Headers headers, String name) {
        String value = headers.first(name);
        return value == null ? null : EntityTags.parse(value);
    }

    private static OptionalLong date(Headers headers, String name) {
        String value = headers.first(name);
        return value == null ? OptionalLong.empty() : HttpDate.parse(value);
    }

    /**
     * @param etag without quotes
     */
    public Outcome check(String etag, long modifiedMillis) {
        long modified = Math.floorDiv(modifiedMillis, MILLIS_PER_SECOND);
        if (ifMatch != null) {
            if (!ifMatch.matchesStrongly(etag)) {
                return new Outcome.Failed(prefix + "If-Match");
            }
        } else if (ifUnmodifiedSince.isPresent() && modified > ifUnmodifiedSince.getAsLong()) {
            return new Outcome.Failed(prefix + "If-Unmodified-Since");
        }
        if (ifNoneMatch != null) {
            if (ifNoneMatch.matchesWeakly(etag)) {
                return new Outcome.NotModified(prefix + "If-None-Match");
            }
        } else if (ifModifiedSince.isPresent() && modified <= ifModifiedSince.getAsLong()) {
            return new Outcome.NotModified(prefix + "If-Modified-Since");
        }
        return Outcome.HOLDS;
    }
}
