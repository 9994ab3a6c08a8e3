package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.access.acl.Accounts;
import io.coffer.gateway.access.policy.PrincipalName;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The accounts that grants and policies name, asked of the system group: only where one is stored. Thread-safe. */
public final class KnownAccounts implements Accounts {
    private final MetadataService metadata;

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
        try {
            return metadata.ask(new SystemQuery.ListAccounts()).accounts().stream()
                    .filter(wanted)
                    .toList();
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    Optional<Account> withId(AccountId id) throws S3Exception {
        try {
            return Optional.of(metadata.ask(new SystemQuery.GetAccount(id)).account());
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_ACCOUNT) {
                return Optional.empty();
            }
            throw Refusals.toS3(e);
        }
    }

    /** Whether there is somebody whom a policy names. */
    public boolean knows(PrincipalName name) throws S3Exception {
        return switch (name) {
            case PrincipalName.Everyone(), PrincipalName.Service _ -> true;
            case PrincipalName.OfAccount(AccountId id) -> withId(id).isPresent();
            case PrincipalName.User(AccountId id, String user) ->
                withId(id).filter(account -> account.name().equals(user)).isPresent();
            case PrincipalName.CanonicalUser(String id) -> !withCanonicalId(id).isEmpty();
        };
    }
}
