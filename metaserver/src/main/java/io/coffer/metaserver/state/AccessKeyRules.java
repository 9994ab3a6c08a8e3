package io.coffer.metaserver.state;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.CreateAccessKey;
import io.coffer.common.metadata.SystemCommand.DeleteAccessKey;
import io.coffer.common.metadata.SystemCommand.SetAccessKeyEnabled;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Access keys. Invariant: each has one row by itself and one under its account. */
final class AccessKeyRules {
    private AccessKeyRules() {}

    static Reply create(Transaction tx, Stamp stamp, CreateAccessKey c) throws RefusedException {
        if (c.accessKey().isEmpty()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "an empty access key");
        }
        AccountRules.require(tx, c.account());
        if (tx.get(Tables.ACCESS_KEYS, Keys.accessKey(c.accessKey())) != null) {
            throw new RefusedException(Refusal.ACCESS_KEY_EXISTS);
        }
        tx.put(
                Tables.ACCESS_KEYS,
                Keys.accessKey(c.accessKey()),
                new AccessKey(c.accessKey(), c.account(), c.sealedSecret(), c.description(), true, stamp.nowMillis()));
        tx.put(Tables.ACCESS_KEY_INDEX, Keys.accessKeyOf(c.account(), c.accessKey()), c.accessKey());
        return Reply.DONE;
    }

    static Reply setEnabled(Transaction tx, SetAccessKeyEnabled c) throws RefusedException {
        AccessKey old = require(tx, c.accessKey());
        tx.put(
                Tables.ACCESS_KEYS,
                Keys.accessKey(c.accessKey()),
                new AccessKey(
                        old.accessKey(),
                        old.account(),
                        old.sealedSecret(),
                        old.description(),
                        c.enabled(),
                        old.createdMillis()));
        return Reply.DONE;
    }

    static Reply delete(Transaction tx, DeleteAccessKey c) throws RefusedException {
        delete(tx, require(tx, c.accessKey()));
        return Reply.DONE;
    }

    private static void delete(Transaction tx, AccessKey key) {
        tx.delete(Tables.ACCESS_KEYS, Keys.accessKey(key.accessKey()));
        tx.delete(Tables.ACCESS_KEY_INDEX, Keys.accessKeyOf(key.account(), key.accessKey()));
    }

    static void deleteAllOf(Transaction tx, AccountId account) throws RefusedException {
        List<String> keys = new ArrayList<>();
        try (Rows<String> rows = tx.scanPrefix(Tables.ACCESS_KEY_INDEX, Keys.accessKeyOf(account, ""))) {
            for (; rows.valid(); rows.next()) {
                keys.add(rows.value());
            }
        }
        for (String key : keys) {
            delete(tx, require(tx, key));
        }
    }

    private static AccessKey require(Transaction tx, String accessKey) throws RefusedException {
        AccessKey key = tx.get(Tables.ACCESS_KEYS, Keys.accessKey(accessKey));
        if (key == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCESS_KEY);
        }
        return key;
    }
}
