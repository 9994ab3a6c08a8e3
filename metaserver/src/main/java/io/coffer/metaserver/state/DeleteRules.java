package io.coffer.metaserver.state;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand.DeleteObject;
import io.coffer.common.metadata.BucketCommand.DeleteObjects;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.DeleteReply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Deleting objects and versions: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html. */
final class DeleteRules {
    private static final DeleteReply NOTHING = new DeleteReply(null, null, false, false);

    private DeleteRules() {}

    static Reply delete(Transaction tx, Stamp stamp, DeleteObject c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.target().key());
        return delete(scope, c.target(), scope.versioning(c.versioning()), c.owner());
    }

    static Reply deleteAll(Transaction tx, Stamp stamp, DeleteObjects c) throws RefusedException {
        if (c.targets().size() > Limits.MAX_DELETES) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "more than " + Limits.MAX_DELETES + " deletes");
        }
        Scope scope = Scope.enter(tx, stamp, c.partition());
        for (DeleteTarget target : c.targets()) {
            scope.checkKey(target.key());
        }
        Versioning versioning = scope.versioning(c.versioning());
        List<DeleteReply> replies = new ArrayList<>(c.targets().size());
        for (DeleteTarget target : c.targets()) {
            int before = tx.mark();
            try {
                replies.add(delete(scope, target, versioning, c.owner()));
            } catch (RefusedException e) {
                tx.rollback(before);
                replies.add(new DeleteReply(e.refusal(), null, false, false));
            }
        }
        return new Reply.DeletesReply(replies);
    }

    private static DeleteReply delete(Scope scope, DeleteTarget target, Versioning versioning, AccountId owner)
            throws RefusedException {
        KeyVersions versions = new KeyVersions(scope, target.key());
        requireStanding(versions, target);
        VersionSelector selector = target.version();
        if (selector != null && !(selector instanceof VersionSelector.Latest)) {
            return deleteVersion(versions, target, selector);
        }
        Conditions.check(target, versions.current());
        return deleteCurrent(scope, target.key(), versioning, owner, target.bypassGovernance());
    }

    /** Removes the current object of an unversioned bucket, or hides it behind a delete marker. */
    static DeleteReply deleteCurrent(
            Scope scope, String key, Versioning versioning, AccountId owner, boolean bypassGovernance)
            throws RefusedException {
        KeyVersions versions = new KeyVersions(scope, key);
        StoredVersion current = versions.current();
        // A partition may have to go by what a gateway believes; history is never deleted unasked.
        if (versioning == Versioning.UNVERSIONED && !versions.hasHistory()) {
            if (current != null) {
                versions.remove(current, bypassGovernance);
            }
            return NOTHING;
        }
        StoredVersion marker =
                StoredVersion.deleteMarker(scope.stamp().tick(), versioning != Versioning.ENABLED, owner);
        versions.add(marker);
        return new DeleteReply(null, marker.id(), marker.nullVersion(), true);
    }

    /** What was decided about a version because it is the newest, or isn't, holds as long as that does. */
    private static void requireStanding(KeyVersions versions, DeleteTarget target) throws RefusedException {
        if (target.ifLatest() == null && target.unlessLatest() == null) {
            return;
        }
        StoredVersion newest = versions.newest();
        VersionId id = newest == null ? null : newest.id();
        boolean holds = target.ifLatest() == null || target.ifLatest().equals(id);
        if (!holds || target.unlessLatest() != null && target.unlessLatest().equals(id)) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED);
        }
    }

    private static DeleteReply deleteVersion(KeyVersions versions, DeleteTarget target, VersionSelector selector)
            throws RefusedException {
        StoredVersion version = versions.find(selector);
        Conditions.check(target, version);
        if (version == null) {
            return NOTHING;
        }
        versions.remove(version, target.bypassGovernance());
        return new DeleteReply(null, version.id(), version.nullVersion(), version.deleteMarker());
    }
}
