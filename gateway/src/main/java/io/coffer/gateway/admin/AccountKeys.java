package io.coffer.gateway.admin;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes accounts and access keys. Secrets are sealed here and leave once, to whoever made the key. Thread-safe. */
public final class AccountKeys {
    private static final int ACCOUNT_ID_DIGITS = 12;
    private static final int CANONICAL_ID_BYTES = 32;

    /** As many as Amazon's, from an alphabet that needs no quoting anywhere: 5 bits each. */
    private static final int ACCESS_KEY_LENGTH = 20;

    private static final String ACCESS_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /** 238 bits. */
    private static final int SECRET_LENGTH = 40;

    private static final String SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Ids are random; more collisions than this in a row are something else. */
    private static final int MAX_ATTEMPTS = 5;

    private final MetadataService metadata;
    private final SecretSealer sealer;
    private final SecureRandom random;

    public AccountKeys(MetadataService metadata, SecretSealer sealer, SecureRandom random) {
        this.metadata = metadata;
        this.sealer = sealer;
        this.random = random;
    }

    /** A new key; the only time its secret is seen. */
    public record NewKey(String accessKey, String secretKey) {
        @Override
        public String toString() {
            return "NewKey[" + accessKey + "]";
        }
    }

    public List<Account> accounts() throws RefusedException, S3Exception {
        return metadata.ask(new SystemQuery.ListAccounts()).accounts();
    }

    /** @param account whose, or null for all */
    public List<AccessKey> keys(@Nullable AccountId account) throws RefusedException, S3Exception {
        return metadata.ask(new SystemQuery.ListAccessKeys(account)).keys();
    }

    /** ACCOUNT_EXISTS when the name is taken. */
    public Account createAccount(String name, String email) throws RefusedException, S3Exception {
        for (int attempt = 1; ; attempt++) {
            AccountId id = new AccountId(text("0123456789", ACCOUNT_ID_DIGITS));
            byte[] canonical = new byte[CANONICAL_ID_BYTES];
            random.nextBytes(canonical);
            try {
                return metadata.tell(new SystemCommand.CreateAccount(
                                id, HexFormat.of().formatHex(canonical), name, email, false))
                        .account();
            } catch (RefusedException e) {
                boolean idTaken = e.refusal() == Refusal.ACCOUNT_EXISTS
                        && accounts().stream()
                                .noneMatch(account -> account.name().equals(name));
                if (!idTaken || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    public NewKey createKey(AccountId account, String description) throws RefusedException, S3Exception {
        for (int attempt = 1; ; attempt++) {
            NewKey key = new NewKey(text(ACCESS_KEY_ALPHABET, ACCESS_KEY_LENGTH), text(SECRET_ALPHABET, SECRET_LENGTH));
            try {
                createKey(account, key, description);
                return key;
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.ACCESS_KEY_EXISTS || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void createKey(AccountId account, NewKey key, String description) throws RefusedException, S3Exception {
        metadata.tell(new SystemCommand.CreateAccessKey(
                key.accessKey(), account, sealer.seal(key.accessKey(), Secret.of(key.secretKey())), description));
    }

    /**
     * Sees to it that this key works for that account, for the key that an operator gives at the start: it is made, enabled, or given
     * its new secret.
     *
     * @throws RefusedException ACCESS_KEY_EXISTS if it is another account's
     */
    public void ensureKey(AccountId account, String accessKey, String secretKey) throws RefusedException, S3Exception {
        NewKey wanted = new NewKey(accessKey, secretKey);
        Reply.AccessKeyReply known;
        try {
            known = metadata.ask(new SystemQuery.GetAccessKey(accessKey));
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.NO_SUCH_ACCESS_KEY) {
                throw e;
            }
            createKey(account, wanted, "");
            return;
        }
        if (!known.account().id().equals(account)) {
            throw new RefusedException(
                    Refusal.ACCESS_KEY_EXISTS,
                    "it belongs to account " + known.account().name());
        }
        if (!opensTo(known.key(), secretKey)) {
            metadata.tell(new SystemCommand.DeleteAccessKey(accessKey));
            createKey(account, wanted, known.key().description());
        } else if (!known.key().enabled()) {
            metadata.tell(new SystemCommand.SetAccessKeyEnabled(accessKey, true));
        }
    }

    private boolean opensTo(AccessKey key, String secretKey) {
        try {
            return sealer.open(key.accessKey(), key.sealedSecret()).equals(Secret.of(secretKey));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    public void setAccountEnabled(AccountId account, boolean enabled) throws RefusedException, S3Exception {
        metadata.tell(new SystemCommand.SetAccountEnabled(account, enabled));
    }

    public void deleteAccount(AccountId account) throws RefusedException, S3Exception {
        metadata.tell(new SystemCommand.DeleteAccount(account));
    }

    public void setKeyEnabled(String accessKey, boolean enabled) throws RefusedException, S3Exception {
        metadata.tell(new SystemCommand.SetAccessKeyEnabled(accessKey, enabled));
    }

    public void deleteKey(String accessKey) throws RefusedException, S3Exception {
        metadata.tell(new SystemCommand.DeleteAccessKey(accessKey));
    }

    private String text(String alphabet, int length) {
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }
}
