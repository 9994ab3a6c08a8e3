package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.access.acl.Accounts;
import io.coffer.gateway.access.policy.PrincipalName;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.function.Predicate;

/**
 * The accounts that grants and policies name. The system group is asked for all of them where a name isn't among those it told of last,
 * so a list or policy costs one question at most, however many it names. Thread-safe.
 */
public final class KnownAccounts implements Accounts {
    private final MetadataService metadata;
    private volatile List<Account> last = List.of();

    public KnownAccounts(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public List<Account> withCanonicalId(String id) throws S3Exception {
        return all(account -> account.canonicalId().equals(id));
    }

    @Override
    public List<Account> withEmail(String address) throws S3Exception {
        return all(account -> account.email().equalsIgnoreCase(address));
    }

    private List<Account> all(Predicate<Account> wanted) throws S3Exception {
        List<Account> found = last.stream().filter(wanted).toList();
        if (!found.isEmpty()) {
            return found;
        }
        try {
            last = metadata.ask(new SystemQuery.ListAccounts()).accounts();
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
        return last.stream().filter(wanted).toList();
    }

    /** Whether there is somebody whom a policy names. */
    public boolean knows(PrincipalName name) throws S3Exception {
        return switch (name) {
            case PrincipalName.Everyone(), PrincipalName.Service _ -> true;
            case PrincipalName.OfAccount(AccountId id) ->
                !all(account -> account.id().equals(id)).isEmpty();
            case PrincipalName.User(AccountId id, String user) ->
                !all(account -> account.id().equals(id) && account.name().equals(user))
                        .isEmpty();
            case PrincipalName.CanonicalUser(String id) -> !withCanonicalId(id).isEmpty();
        };
    }
}
