package io.coffer.gateway.admin;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
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

    /** The description that tells the key given at the start from those made later. */
    private static final String ROOT_KEY = "root credentials";

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
     * Makes this the root account's own key, as an operator gives it at the start, and takes back the one given before. Keys that
     * were made for the account otherwise stay. Idempotent.
     *
     * @throws RefusedException ACCESS_KEY_EXISTS if it is another account's
     */
    public void ensureRootKey(AccountId root, String accessKey, String secretKey) throws RefusedException, S3Exception {
        boolean there = false;
        for (AccessKey key : keys(root)) {
            if (key.accessKey().equals(accessKey) && key.enabled() && opensTo(key, secretKey)) {
                there = true;
            } else if (key.accessKey().equals(accessKey) || key.description().equals(ROOT_KEY)) {
                metadata.tell(new SystemCommand.DeleteAccessKey(key.accessKey()));
            }
        }
        if (!there) {
            createKey(root, new NewKey(accessKey, secretKey), ROOT_KEY);
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
