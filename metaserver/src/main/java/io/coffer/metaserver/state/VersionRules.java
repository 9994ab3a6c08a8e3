package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.ChangeVersion;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Transaction;

/** Changing what is kept beside a version's bytes. */
final class VersionRules {
    private VersionRules() {}

    static Reply change(Transaction tx, Stamp stamp, ChangeVersion c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        KeyVersions versions = new KeyVersions(scope, c.key());
        StoredVersion version = versions.find(c.version());
        if (version == null || version.deleteMarker()) {
            boolean latest = c.version() instanceof VersionSelector.Latest;
            throw new RefusedException(latest ? Refusal.NO_SUCH_KEY : Refusal.NO_SUCH_VERSION);
        }
        versions.replace(version, version.withAttributes(after(scope, version.attributes(), c.change())));
        return new Reply.PutReply(version.id(), version.nullVersion(), version.modifiedMillis());
    }

    private static ObjectAttributes after(Scope scope, ObjectAttributes now, VersionChange change)
            throws RefusedException {
        return switch (change) {
            case VersionChange.Tags(var tags) -> now.withTags(tags);
            case VersionChange.Grants(var acl) -> now.withAcl(acl);
            case VersionChange.Retention retention -> now.withLock(LockRules.after(scope, now.lock(), retention));
            case VersionChange.LegalHold(boolean hold) -> {
                LockRules.requireLocks(scope);
                yield now.withLock(now.lock().withHold(hold));
            }
        };
    }
}
