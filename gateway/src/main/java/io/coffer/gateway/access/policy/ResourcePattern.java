package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** What of a bucket a statement is about. It is made for one bucket and never asked about another. */
sealed interface ResourcePattern {
    String PREFIX = "arn:aws:s3:::";

    /** The bucket itself. */
    record TheBucket() implements ResourcePattern {}

    /** The objects with such keys. */
    record Keys(Template key) implements ResourcePattern {}

    /** Anything whose name begins with the bucket's and matches; a wildcard may reach from the one into the other. */
    record Anything(String bucket, Template name, boolean objectsOnly) implements ResourcePattern {}

    /** MalformedPolicy for what is no ARN of this bucket. */
    static ResourcePattern parse(String arn, String bucket, boolean variables) throws S3Exception {
        if (!arn.startsWith(PREFIX)) {
            throw Malformed.resource();
        }
        String name = arn.substring(PREFIX.length());
        int slash = name.indexOf('/');
        String start = slash < 0 ? name : name.substring(0, slash);
        Template.Syntax syntax = new Template.Syntax(true, variables);
        if (start.equals(bucket)) {
            return slash < 0 ? new TheBucket() : new Keys(Template.parse(name.substring(slash + 1), syntax));
        }
        if (!Glob.of(start).matches(bucket)) {
            throw Malformed.resource();
        }
        return new Anything(bucket, Template.parse(name, syntax), slash >= 0);
    }

    /** @param key null for the bucket itself */
    default boolean matches(@Nullable String key, PolicyFacts facts) throws S3Exception {
        return switch (this) {
            case TheBucket() -> key == null;
            case Keys(Template pattern) -> key != null && pattern.matches(key, facts);
            case Anything(String bucket, Template name, boolean _) ->
                name.matches(key == null ? bucket : bucket + '/' + key, facts);
        };
    }

    /** Whether the request has a value of each of its variables. */
    default boolean isKnown(PolicyFacts facts) throws S3Exception {
        return switch (this) {
            case TheBucket() -> true;
            case Keys(Template pattern) -> pattern.resolve(facts) != null;
            case Anything(String _, Template name, boolean _) -> name.resolve(facts) != null;
        };
    }

    /** Whether an action of that scope can be about it. */
    default boolean takes(S3Actions.Scope scope) {
        return switch (this) {
            case TheBucket() -> scope == S3Actions.Scope.BUCKET;
            case Keys _ -> scope == S3Actions.Scope.OBJECT;
            case Anything(String _, Template _, boolean objectsOnly) ->
                scope == S3Actions.Scope.OBJECT || scope == S3Actions.Scope.BUCKET && !objectsOnly;
        };
    }
}
