package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The accounts that a listing names. For one request; used by its thread. */
public final class Owners {
    private final Map<AccountId, Account> known = new HashMap<>();
    private final @Nullable AccountId ofAll;

    /** Looks all of them up that aren't the one who asks. */
    public Owners(MetadataService metadata, Identity asking, Set<AccountId> owners) throws S3Exception {
        this(metadata, asking, owners, null);
    }

    /** The owners of objects, who all are the bucket's where it is said so, whoever wrote them. */
    public static Owners ofObjects(MetadataService metadata, Identity asking, Bucket bucket, Set<AccountId> writers)
            throws S3Exception {
        return bucket.settings().ownership() == ObjectOwnership.BUCKET_OWNER_ENFORCED
                ? new Owners(metadata, asking, Set.of(bucket.owner()), bucket.owner())
                : new Owners(metadata, asking, writers, null);
    }

    /** @param ofAll who owns everything; null when each is its own owner */
    private Owners(MetadataService metadata, Identity asking, Set<AccountId> owners, @Nullable AccountId ofAll)
            throws S3Exception {
        this.ofAll = ofAll;
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
        Account account = known.get(ofAll == null ? id : ofAll);
        if (account == null) {
            throw new IllegalArgumentException("not looked up: " + id);
        }
        return account;
    }

    public String canonicalId(AccountId id) {
        return account(id).canonicalId();
    }
}
