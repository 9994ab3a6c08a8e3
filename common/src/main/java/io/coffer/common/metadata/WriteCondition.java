package io.coffer.common.metadata;

import java.util.List;

/**
 * The precondition of a write, evaluated inside the state machine so that it has exactly one winner.
 *
 * @param ifMatch ETags without quotes ({@code *} for any), of which the current version must have one; empty for no condition.
 *     A missing object is refused with {@link Refusal#NO_SUCH_KEY}.
 * @param ifNoneMatch ETags without quotes ({@code *} for any), none of which the current version may have
 */
public record WriteCondition(List<String> ifMatch, List<String> ifNoneMatch) {
    public static final WriteCondition NONE = new WriteCondition(List.of(), List.of());

    public WriteCondition {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }
}
