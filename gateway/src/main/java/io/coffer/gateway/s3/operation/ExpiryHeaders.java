package io.coffer.gateway.s3.operation;

import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.lifecycle.LifecycleRules.Due;
import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.HttpDate;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells in answers when lifecycle rules let an object or an upload go: {@code x-amz-expiration}, {@code x-amz-abort-date} and {@code
 * x-amz-abort-rule-id}. A bucket without rules costs nothing. An answer does without them where they can't be told: what
 * was asked for is done by then. Thread-safe.
 */
public final class ExpiryHeaders {
    private static final String EXPIRATION = "x-amz-expiration";
    private static final String ABORT_DATE = "x-amz-abort-date";
    private static final String ABORT_RULE = "x-amz-abort-rule-id";
    private static final long MILLIS_PER_SECOND = 1000;

    /** Dates from the year 10,000 on have no form in HTTP. */
    private static final long END_OF_DATES_MILLIS = 253_402_300_800_000L;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final BucketDocuments documents;

    public ExpiryHeaders(BucketDocuments documents) {
        this.documents = documents;
    }

    /** Where tags of a version are, which few rules ask for. */
    @FunctionalInterface
    public interface Tags {
        Map<String, String> read() throws S3Exception;
    }

    /** Of the newest version of a key. */
    public void ofObject(
            Bucket bucket,
            String key,
            long size,
            Map<String, String> tags,
            long modifiedMillis,
            Headers.Builder response) {
        ofObject(bucket, key, size, () -> tags, modifiedMillis, response);
    }

    /** The same of one whose tags have to be looked up. */
    public void ofObject(
            Bucket bucket, String key, long size, Tags tags, long modifiedMillis, Headers.Builder response) {
        LifecycleRules rules = rules(bucket);
        if (rules == null) {
            return;
        }
        Map<String, String> known;
        try {
            known = rules.concernTags() ? tags.read() : Map.of();
        } catch (S3Exception e) {
            return;
        }
        Due due = rules.expiration(new LifecycleRules.Facts(key, size, known, modifiedMillis), LifecycleDay.REAL);
        if (due != null && due.millis() < END_OF_DATES_MILLIS) {
            response.add(EXPIRATION, "expiry-date=\"" + date(due) + "\", rule-id=\"" + visible(due.rule()) + '"');
        }
    }

    /** Of an upload in progress. */
    public void ofUpload(Bucket bucket, String key, long initiatedMillis, Headers.Builder response) {
        LifecycleRules rules = rules(bucket);
        if (rules == null) {
            return;
        }
        Due due = rules.abort(key, initiatedMillis, LifecycleDay.REAL);
        if (due != null && due.millis() < END_OF_DATES_MILLIS) {
            response.add(ABORT_DATE, date(due)).add(ABORT_RULE, visible(due.rule()));
        }
    }

    private @Nullable LifecycleRules rules(Bucket bucket) {
        try {
            return LifecycleDocument.find(documents, bucket);
        } catch (S3Exception e) {
            return null;
        }
    }

    private static String date(Due due) {
        return HttpDate.format(due.millis() / MILLIS_PER_SECOND);
    }

    /** An id as it is, as Amazon tells it, but for what a header can't carry or a quoted string would end with. */
    private static String visible(String id) {
        StringBuilder text = new StringBuilder(id.length());
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '"' && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HEX.toHexDigits(b));
            }
        }
        return text.toString();
    }
}
