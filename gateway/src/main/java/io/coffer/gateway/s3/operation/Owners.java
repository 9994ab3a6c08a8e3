package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The accounts that a listing names. For one request; used by its thread. */
public final class Owners {
    private final Map<AccountId, Account> known = new HashMap<>();

    /** Looks all of them up that aren't the one who asks. */
    public Owners(MetadataService metadata, Identity asking, Set<AccountId> owners) throws S3Exception {
        if (asking instanceof Identity.Signed signed) {
            known.put(signed.accountId(), signed.account());
        }
        for (AccountId owner : owners) {
            if (!known.containsKey(owner)) {
                known.put(owner, find(metadata, owner));
            }
        }
    }

    private static Account find(MetadataService metadata, AccountId owner) throws S3Exception {
        try {
            return metadata.ask(new SystemQuery.GetAccount(owner)).account();
        } catch (RefusedException e) {
            // The account was deleted; what it owned still names it.
            return new Account(owner, owner.value(), "", "", false, false, 0);
        }
    }

    /** One of the accounts that this was made for. */
    public Account account(AccountId id) {
        Account account = known.get(id);
        if (account == null) {
            throw new IllegalArgumentException("not looked up: " + id);
        }
        return account;
    }

    public String canonicalId(AccountId id) {
        return account(id).canonicalId();
    }
}
