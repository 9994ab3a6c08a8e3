package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.ObjectCondition;
import io.coffer.gateway.http.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a rename on its source and on its target: entity tags and dates, all of which must hold. Dates that aren't are ignored. */
public final class RenameConditions {
    private static final String SOURCE = "x-amz-rename-source-";
    private static final long NONE = -1;

    private RenameConditions() {}

    public static ObjectCondition ofSource(Headers headers) {
        return of(headers, SOURCE);
    }

    public static ObjectCondition ofTarget(Headers headers) {
        return of(headers, "");
    }

    private static ObjectCondition of(Headers headers, String prefix) {
        return new ObjectCondition(
                tags(headers.first(prefix + "If-Match"), true),
                tags(headers.first(prefix + "If-None-Match"), false),
                seconds(headers.first(prefix + "If-Modified-Since")),
                seconds(headers.first(prefix + "If-Unmodified-Since")));
    }

    /** A header without a usable tag is a condition that nothing meets, or everything does. */
    private static List<String> tags(@Nullable String header, boolean match) {
        if (header == null) {
            return List.of();
        }
        EntityTags tags = EntityTags.parse(header);
        List<String> values = match || tags.any()
                ? tags.strongValues()
                : tags.tags().stream().map(EntityTags.Tag::value).toList();
        return values.isEmpty() && match ? List.of("") : values;
    }

    private static long seconds(@Nullable String header) {
        return header == null ? NONE : HttpDate.parse(header).orElse(NONE);
    }

    /** Which header of the target's to name where one of them failed. */
    public static String named(ObjectCondition condition) {
        if (!condition.ifMatch().isEmpty()) {
            return "If-Match";
        }
        if (!condition.ifNoneMatch().isEmpty()) {
            return "If-None-Match";
        }
        return condition.modifiedSinceSeconds() == NONE ? "If-Unmodified-Since" : "If-Modified-Since";
    }
}
