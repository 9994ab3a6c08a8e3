package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.VolumeId;
import org.jspecify.annotations.Nullable;

/** Questions to the system group. */
public sealed interface SystemQuery<R extends Reply> extends Query<R> {
    /** The bucket that this (folded) name means, in any state; NO_SUCH_BUCKET. */
    record GetBucket(String foldedName) implements SystemQuery<Reply.BucketReply> {}

    /**
     * Buckets by name.
     *
     * @param owner whose, or null for all
     * @param after exclusive start; empty for the beginning
     * @param region only of this region; empty for all
     * @param limit at most 10,000
     */
    record ListBuckets(@Nullable AccountId owner, String prefix, String after, String region, int limit)
            implements SystemQuery<Reply.BucketsReply> {}

    /** The key with its account; NO_SUCH_ACCESS_KEY. */
    record GetAccessKey(String accessKey) implements SystemQuery<Reply.AccessKeyReply> {}

    /** NO_SUCH_ACCOUNT. */
    record GetAccount(AccountId id) implements SystemQuery<Reply.AccountReply> {}

    record ListAccounts() implements SystemQuery<Reply.AccountsReply> {}

    /** @param account whose, or null for all */
    record ListAccessKeys(@Nullable AccountId account) implements SystemQuery<Reply.AccessKeysReply> {}

    record GetClusterMap() implements SystemQuery<Reply.ClusterMapReply> {}

    /** How often writes have passed a member of a volume by; see {@link SystemCommand.MemberCaughtUp}. NO_SUCH_VOLUME. */
    record GetMemberMarks(VolumeId volume, int index) implements SystemQuery<Reply.MarksReply> {}

    record ListTokens() implements SystemQuery<Reply.TokensReply> {}

    /** A named value of the cluster; NO_SUCH_DOCUMENT. */
    record GetDocument(String name) implements SystemQuery<Reply.DocumentReply> {}

    /** A document of a bucket; NO_SUCH_BUCKET, NO_SUCH_DOCUMENT. */
    record GetBucketDocument(BucketId bucket, DocumentKind kind) implements SystemQuery<Reply.BucketDocumentReply> {}

    /** Purges that are under way, or have ended at locked versions; at most 1,000. */
    record ListPurges() implements SystemQuery<Reply.PurgesReply> {}

    /** The cluster's name; null in the reply before the first start finished. */
    record GetClusterId() implements SystemQuery<Reply.ClusterIdReply> {}
}
