package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What conditions ask of a request. May look things up, and so block; a fact that nobody asks for costs nothing. */
public interface PolicyFacts {
    /** The value of a key; null when the request has none. Of a key with several values, the first. */
    @Nullable
    String value(ConditionKey key) throws S3Exception;

    /** The values of a key that may have several. */
    default List<String> values(ConditionKey key) throws S3Exception {
        String value = value(key);
        return value == null ? List.of() : List.of(value);
    }
}
