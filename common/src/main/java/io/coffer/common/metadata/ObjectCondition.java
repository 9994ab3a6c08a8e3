package io.coffer.common.metadata;

import java.util.List;

/**
 * What a rename asks of its source or of its target.
 *
 * @param ifMatch ETags without quotes ({@code *} for any), of which the object must have one; empty for no condition
 * @param ifNoneMatch ETags without quotes ({@code *} for any), none of which the object may have
 * @param modifiedSinceSeconds since 1970: it must be there and newer; -1 for no condition
 * @param unmodifiedSinceSeconds since 1970: it mustn't be newer; -1 for no condition
 */
public record ObjectCondition(
        List<String> ifMatch, List<String> ifNoneMatch, long modifiedSinceSeconds, long unmodifiedSinceSeconds) {
    public static final ObjectCondition NONE = new ObjectCondition(List.of(), List.of(), -1, -1);

    public ObjectCondition {
        ifMatch = List.copyOf(ifMatch);
        ifNoneMatch = List.copyOf(ifNoneMatch);
    }
}
