package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.ContentReader;
import io.coffer.metaserver.store.Transaction;
import org.jspecify.annotations.Nullable;

/** Writing an object, or copying one. */
final class ObjectRules {
    private final ContentRules contents;

    ObjectRules(ContentRules contents) {
        this.contents = contents;
    }

    Reply put(Transaction tx, Stamp stamp, PutObject c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        checkChecksum(c.checksum());
        LockRules.requirePossible(scope, c.attributes().lock());
        KeyVersions versions = new KeyVersions(scope, c.key());
        Conditions.check(c.condition(), versions.current());
        // The source may be what is replaced: it is referenced before that is given up.
        Content content = contents.take(scope, c.payload(), c.size(), true);
        int parts = content instanceof Content.Assembly assembly
                ? ContentReader.assembly(tx, assembly.upload()).layout().count()
                : 0;
        StoredVersion version = new StoredVersion(
                stamp.tick(),
                scope.versioning(c.versioning()) != Versioning.ENABLED,
                false,
                c.owner(),
                c.etag(),
                c.size(),
                parts,
                c.checksum(),
                LockRules.ofNew(scope, c.attributes()),
                content);
        versions.add(version);
        return new Reply.PutReply(version.id(), version.nullVersion(), version.modifiedMillis());
    }

    /** A checksum is stored as its bytes. */
    static void checkChecksum(@Nullable StoredChecksum checksum) throws RefusedException {
        if (checksum != null && checksum.algorithm().decode(checksum.value()).isEmpty()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a " + checksum.algorithm());
        }
    }
}
