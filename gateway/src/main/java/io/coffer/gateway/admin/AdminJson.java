package io.coffer.gateway.admin;

import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.Reply;
import io.coffer.gateway.admin.AccountKeys.NewKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The documents of the admin interface, as {@code docs/operations/admin-api.md} describes them. */
final class AdminJson {
    private AdminJson() {}

    record AccountBlock(
            boolean blockPublicAcls,
            boolean ignorePublicAcls,
            boolean blockPublicPolicy,
            boolean restrictPublicBuckets) {
        static AccountBlock of(PublicAccessBlock block) {
            return new AccountBlock(
                    block.blockPublicAcls(),
                    block.ignorePublicAcls(),
                    block.blockPublicPolicy(),
                    block.restrictPublicBuckets());
        }
    }

    /** @param next where the next page begins; null on the last */
    record Page<T>(List<T> items, @Nullable String next) {
        static <T> Page<T> all(List<T> items) {
            return new Page<>(items, null);
        }
    }

    record Failure(Detail error) {
        record Detail(String code, String message, String requestId) {}
    }

    record CreatedAccount(String accountId, String canonicalId, String name, String email) {
        static CreatedAccount of(Account account) {
            return new CreatedAccount(account.id().value(), account.canonicalId(), account.name(), account.email());
        }
    }

    record ListedAccount(
            String accountId,
            String canonicalId,
            String name,
            String email,
            boolean root,
            boolean enabled,
            String created) {
        static ListedAccount of(Account account) {
            return new ListedAccount(
                    account.id().value(),
                    account.canonicalId(),
                    account.name(),
                    account.email(),
                    account.root(),
                    account.enabled(),
                    time(account.createdMillis()));
        }
    }

    record CreatedKey(String accessKey, String secretKey) {
        static CreatedKey of(NewKey key) {
            return new CreatedKey(key.accessKey(), key.secretKey());
        }

        @Override
        public String toString() {
            return "CreatedKey[" + accessKey + "]";
        }
    }

    record ListedKey(String accessKey, String accountId, String description, boolean enabled, String created) {
        static ListedKey of(AccessKey key) {
            return new ListedKey(
                    key.accessKey(),
                    key.account().value(),
                    key.description(),
                    key.enabled(),
                    time(key.createdMillis()));
        }
    }

    /** @param state RUNNING, or LOCKED when nothing but what is locked is left */
    record ListedPurge(
            String bucket, String ownerId, String state, long versions, long bytes, long locked, String begun) {
        static ListedPurge of(Purge purge) {
            return new ListedPurge(
                    purge.bucket().name(),
                    purge.bucket().owner().value(),
                    purge.ended() ? "LOCKED" : "RUNNING",
                    purge.versions(),
                    purge.bytes(),
                    purge.kept(),
                    time(purge.begunMillis()));
        }
    }

    record ListedBucket(
            String name,
            String ownerId,
            String region,
            String state,
            String versioning,
            int partitions,
            String created) {
        static ListedBucket of(Bucket bucket) {
            return new ListedBucket(
                    bucket.name(),
                    bucket.owner().value(),
                    bucket.region(),
                    bucket.state().name(),
                    bucket.versioning().name(),
                    bucket.partitions().size(),
                    time(bucket.createdMillis()));
        }
    }

    record BucketUsage(
            String bucket, String ownerId, long objects, long versions, long deleteMarkers, long uploads, long bytes) {
        static BucketUsage of(Bucket bucket, List<Reply.UsageReply> partitions) {
            return new BucketUsage(
                    bucket.name(),
                    bucket.owner().value(),
                    partitions.stream().mapToLong(Reply.UsageReply::objects).sum(),
                    partitions.stream().mapToLong(Reply.UsageReply::versions).sum(),
                    partitions.stream()
                            .mapToLong(Reply.UsageReply::deleteMarkers)
                            .sum(),
                    partitions.stream().mapToLong(Reply.UsageReply::uploads).sum(),
                    partitions.stream().mapToLong(Reply.UsageReply::bytes).sum());
        }
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
