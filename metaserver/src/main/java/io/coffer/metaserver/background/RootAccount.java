package io.coffer.metaserver.background;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.CreateAccount;
import io.coffer.common.metadata.SystemQuery.ListAccounts;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster's own account: found, or made by the first start. */
final class RootAccount {
    private static final Logger LOG = LoggerFactory.getLogger(RootAccount.class);
    private static final String NAME = "root";
    private static final long ACCOUNT_IDS = 1_000_000_000_000L;
    private static final int CANONICAL_ID_BYTES = 32;

    private final Calls calls;
    private final RandomGenerator random;

    RootAccount(Calls calls, RandomGenerator random) {
        this.calls = calls;
        this.random = random;
    }

    Account find() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Optional<Account> existing = calls.ask(GroupId.SYSTEM, new ListAccounts()).accounts().stream()
                .filter(Account::root)
                .findFirst();
        if (existing.isPresent()) {
            return existing.get();
        }
        byte[] canonicalId = new byte[CANONICAL_ID_BYTES];
        random.nextBytes(canonicalId);
        String id = "%012d".formatted(random.nextLong(1, ACCOUNT_IDS));
        LOG.info("creating the root account {}", id);
        return calls.tell(
                        GroupId.SYSTEM,
                        new CreateAccount(new AccountId(id), HexFormat.of().formatHex(canonicalId), NAME, "", true))
                .account();
    }
}
