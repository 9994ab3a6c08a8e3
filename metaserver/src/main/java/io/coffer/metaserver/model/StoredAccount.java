package io.coffer.metaserver.model;

import io.coffer.common.metadata.Account;

/**
 * An account.
 *
 * @param buckets how many it owns, in any state
 */
public record StoredAccount(Account account, long buckets) {
    public StoredAccount {
        if (buckets < 0) {
            throw new IllegalArgumentException("an account with " + buckets + " buckets");
        }
    }

    public StoredAccount plusBuckets(long count) {
        return new StoredAccount(account, buckets + count);
    }
}
