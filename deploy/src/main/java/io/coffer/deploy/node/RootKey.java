package io.coffer.deploy.node;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.deploy.server.RootCredentials;
import io.coffer.deploy.server.StartException;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The key pair of the root account, as an operator gave it to a process. */
final class RootKey {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private RootKey() {}

    /** Makes the pair in the environment the root account's own; without one, those that there are stay. */
    static void ensure(Gateway gateway, MetadataClient metadata, Map<String, String> environment)
            throws StartException, InterruptedException {
        Optional<RootCredentials> given = RootCredentials.given(environment);
        if (given.isPresent()) {
            ensure(gateway, metadata, given.get());
        }
    }

    static void ensure(Gateway gateway, MetadataClient metadata, RootCredentials pair)
            throws StartException, InterruptedException {
        Waiting.until("the root account's key can't be stored: no metaserver answers", () -> {
            try {
                Optional<Account> root = metadata
                        .query(GroupId.SYSTEM, new SystemQuery.ListAccounts())
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .accounts()
                        .stream()
                        .filter(Account::root)
                        .findFirst();
                if (root.isEmpty()) {
                    return Optional.empty();
                }
                gateway.accounts().ensureRootKey(root.get().id(), pair.accessKey(), pair.secretKey());
                return Optional.of(true);
            } catch (RefusedException e) {
                throw new StartException("the root account's key was refused: " + e.getMessage(), e);
            } catch (ExecutionException | TimeoutException | S3Exception e) {
                return Optional.empty();
            }
        });
    }
}
