package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.RenameObject;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.StoredToken;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;

/**
 * Renaming an object: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html. It is a copy that shares all bytes and a
 * delete, in one moment: what is locked, or older, stays under its old key.
 */
final class RenameRules {
    private RenameRules() {}

    static Reply rename(Transaction tx, Stamp stamp, RenameObject c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        scope.checkKey(c.source());
        if (c.source().equals(c.key())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a rename to the same key");
        }
        ClientToken token = c.token();
        StoredToken done = token == null ? null : tx.get(Tables.CLIENT_TOKENS, row(token));
        if (token != null && done != null) {
            if (!done.fingerprint().equals(token.fingerprint())) {
                throw new RefusedException(Refusal.TOKEN_REUSED);
            }
            return done.reply();
        }
        Reply.PutReply reply = move(scope, c);
        if (token != null) {
            tx.put(Tables.CLIENT_TOKENS, row(token), new StoredToken(token.fingerprint(), reply));
            ContentRules.later(
                    tx,
                    new ReleaseTask.ClientTokenRow(token.high(), token.low()),
                    stamp.nowMillis() + Limits.TOKEN_WINDOW.toMillis());
        }
        return reply;
    }

    private static byte[] row(ClientToken token) {
        return Keys.clientToken(token.high(), token.low());
    }

    private static Reply.PutReply move(Scope scope, RenameObject c) throws RefusedException {
        KeyVersions targets = new KeyVersions(scope, c.key());
        StoredVersion source = new KeyVersions(scope, c.source()).current();
        if (source == null) {
            throw new RefusedException(Refusal.NO_SUCH_KEY);
        }
        if (c.sourceVersion() != null && !c.sourceVersion().equals(source.id())) {
            throw new RefusedException(Refusal.SOURCE_CHANGED);
        }
        if (!Conditions.hold(c.sourceCondition(), source)) {
            throw new RefusedException(Refusal.SOURCE_CONDITION_FAILED);
        }
        if (!Conditions.hold(c.condition(), targets.current())) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED);
        }
        Versioning versioning = scope.versioning(c.versioning());
        StoredVersion version = new StoredVersion(
                scope.stamp().tick(),
                versioning != Versioning.ENABLED,
                false,
                source.owner(),
                source.etag(),
                source.size(),
                source.parts(),
                source.checksum(),
                LockRules.ofNew(scope, source.attributes().withLock(VersionLock.NONE)),
                ContentRules.share(scope, source.content()));
        targets.add(version);
        DeleteRules.deleteCurrent(scope, c.source(), versioning, c.owner(), false);
        return new Reply.PutReply(version.id(), version.nullVersion(), version.modifiedMillis());
    }
}
