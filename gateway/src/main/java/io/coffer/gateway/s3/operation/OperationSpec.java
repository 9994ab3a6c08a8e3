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
 * @param decidesItself whether what it acts on stands in its body, so that it asks the one decision about each thing itself
 */
public record OperationSpec(String name, Route route, Set<String> actions, BodyPolicy body, boolean decidesItself) {
    public OperationSpec {
        actions = Set.copyOf(actions);
    }

    /** An operation that acts on its target. */
    public OperationSpec(String name, Route route, Set<String> actions, BodyPolicy body) {
        this(name, route, actions, body, false);
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
