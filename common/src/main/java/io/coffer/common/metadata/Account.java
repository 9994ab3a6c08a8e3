package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;

/**
 * An account: the owner of buckets and access keys.
 *
 * @param canonicalId 64 hex digits, S3's canonical user id
 * @param email may be empty
 * @param root whether it is the cluster's own account, which may use the admin interface
 * @param createdMillis since 1970
 */
public record Account(
        AccountId id,
        String canonicalId,
        String name,
        String email,
        boolean root,
        boolean enabled,
        long createdMillis) {}
