package io.coffer.metaserver.state;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.CreateAccount;
import io.coffer.common.metadata.SystemCommand.DeleteAccount;
import io.coffer.common.metadata.SystemCommand.SetAccountEnabled;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;

/** Accounts. Invariant: each has one row by id, one by name, one by canonical id. */
final class AccountRules {
    private AccountRules() {}

    static Reply create(Transaction tx, Stamp stamp, CreateAccount c) throws RefusedException {
        if (c.name().isEmpty() || c.canonicalId().isEmpty()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "an account needs a name and a canonical id");
        }
        if (tx.get(Tables.ACCOUNTS, Keys.account(c.id())) != null) {
            throw new RefusedException(Refusal.ACCOUNT_EXISTS, "id");
        }
        if (tx.get(Tables.ACCOUNT_INDEX, Keys.accountByName(c.name())) != null) {
            throw new RefusedException(Refusal.ACCOUNT_EXISTS, "name");
        }
        if (tx.get(Tables.ACCOUNT_INDEX, Keys.accountByCanonicalId(c.canonicalId())) != null) {
            throw new RefusedException(Refusal.ACCOUNT_EXISTS, "canonical id");
        }
        Account account = new Account(c.id(), c.canonicalId(), c.name(), c.email(), c.root(), true, stamp.nowMillis());
        tx.put(Tables.ACCOUNTS, Keys.account(c.id()), new StoredAccount(account, 0));
        tx.put(Tables.ACCOUNT_INDEX, Keys.accountByName(c.name()), c.id());
        tx.put(Tables.ACCOUNT_INDEX, Keys.accountByCanonicalId(c.canonicalId()), c.id());
        return new Reply.AccountReply(account);
    }

    static Reply setEnabled(Transaction tx, SetAccountEnabled c) throws RefusedException {
        StoredAccount stored = require(tx, c.id());
        Account old = stored.account();
        Account account = new Account(
                old.id(), old.canonicalId(), old.name(), old.email(), old.root(), c.enabled(), old.createdMillis());
        tx.put(Tables.ACCOUNTS, Keys.account(c.id()), new StoredAccount(account, stored.buckets()));
        return Reply.DONE;
    }

    static Reply delete(Transaction tx, DeleteAccount c) throws RefusedException {
        StoredAccount stored = require(tx, c.id());
        if (stored.buckets() > 0) {
            throw new RefusedException(Refusal.ACCOUNT_NOT_EMPTY);
        }
        AccessKeyRules.deleteAllOf(tx, c.id());
        tx.delete(Tables.ACCOUNTS, Keys.account(c.id()));
        tx.delete(Tables.ACCOUNT_INDEX, Keys.accountByName(stored.account().name()));
        tx.delete(
                Tables.ACCOUNT_INDEX, Keys.accountByCanonicalId(stored.account().canonicalId()));
        return Reply.DONE;
    }

    static StoredAccount require(Transaction tx, AccountId id) throws RefusedException {
        StoredAccount stored = tx.get(Tables.ACCOUNTS, Keys.account(id));
        if (stored == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCOUNT);
        }
        return stored;
    }

    /** Moves the number of buckets an account owns. */
    static void countBuckets(Transaction tx, AccountId id, int change) throws RefusedException {
        tx.put(Tables.ACCOUNTS, Keys.account(id), require(tx, id).plusBuckets(change));
    }
}
