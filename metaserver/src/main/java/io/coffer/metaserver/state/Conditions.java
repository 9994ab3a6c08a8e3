package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.model.StoredVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Preconditions of writes. */
final class Conditions {
    private static final String ANY = "*";
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long NO_CONDITION = -1;

    private Conditions() {}

    /** @param current null also where a delete marker is current: for a condition there is no object then */
    static void check(WriteCondition condition, @Nullable StoredVersion current) throws RefusedException {
        checkMatch(condition, current);
        if (current != null && contains(condition.ifNoneMatch(), current)) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED, current.etag());
        }
    }

    private static void checkMatch(WriteCondition condition, @Nullable StoredVersion version) throws RefusedException {
        if (condition.ifMatch().isEmpty()) {
            return;
        }
        if (version == null) {
            throw new RefusedException(Refusal.NO_SUCH_KEY);
        }
        if (!contains(condition.ifMatch(), version)) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED, version.etag());
        }
    }

    private static boolean contains(List<String> etags, StoredVersion version) {
        return etags.contains(ANY) || !version.deleteMarker() && etags.contains(version.etag());
    }

    /** @param version null also where a delete marker is current */
    static boolean hold(ObjectCondition condition, @Nullable StoredVersion version) {
        if (version == null) {
            return condition.ifMatch().isEmpty() && condition.modifiedSinceSeconds() == NO_CONDITION;
        }
        long modified = version.modifiedMillis() / MILLIS_PER_SECOND;
        return (condition.ifMatch().isEmpty() || contains(condition.ifMatch(), version))
                && !contains(condition.ifNoneMatch(), version)
                && (condition.modifiedSinceSeconds() == NO_CONDITION || modified > condition.modifiedSinceSeconds())
                && (condition.unmodifiedSinceSeconds() == NO_CONDITION
                        || modified <= condition.unmodifiedSinceSeconds());
    }

    /**
     * Of a delete. An ETag asks for an object; size and time hold where there is none:
     * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html.
     *
     * @param version what would be deleted; null when there is nothing
     */
    static void check(DeleteTarget target, @Nullable StoredVersion version) throws RefusedException {
        checkMatch(target.condition(), version);
        if (version != null && !(hasSize(target, version) && hasTime(target, version))) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED, version.etag());
        }
    }

    private static boolean hasSize(DeleteTarget target, StoredVersion version) {
        return target.ifMatchSize() == NO_CONDITION || target.ifMatchSize() == version.size();
    }

    private static boolean hasTime(DeleteTarget target, StoredVersion version) {
        return target.ifMatchModifiedSeconds() == NO_CONDITION
                || target.ifMatchModifiedSeconds() == version.modifiedMillis() / MILLIS_PER_SECOND;
    }
}
