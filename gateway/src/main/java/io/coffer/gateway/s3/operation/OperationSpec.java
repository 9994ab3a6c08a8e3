package io.coffer.gateway.s3.operation;

import java.util.Set;

/**
 * What the pipeline must know of an operation before it runs.
 *
 * @param name as in Amazon's API reference, e.g. {@code PutObject}
 * @param route which requests it answers
 * @param actions the IAM actions needed on the target, e.g. {@code s3:PutObject}; a copy's source is authorised by its operation
 *     through the same decision
 * @param body whether and how a body is taken
 */
public record OperationSpec(String name, Route route, Set<String> actions, BodyPolicy body) {
    public OperationSpec {
        actions = Set.copyOf(actions);
    }

    /** What a request's body may be. */
    public enum BodyPolicy {
        /** Ignored if it is there; bounded. */
        NONE,
        /** A small document, bounded by {@code Limits}. */
        DOCUMENT,
        /** Object data: streamed; its length must be known (411 MissingContentLength). */
        DATA
    }
}
