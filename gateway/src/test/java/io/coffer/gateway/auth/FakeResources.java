package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a test says of a bucket and its objects. */
public final class FakeResources implements ResourceFacts {
    @Nullable
    BucketPolicy policy;

    @Nullable
    AccessControlList bucketAcl;

    @Nullable
    PublicAccessBlock accountBlock;

    final Map<String, ObjectVersion> objects = new HashMap<>();

    /** Of uploads, by key and id. */
    final Map<String, AccountId> initiators = new HashMap<>();

    int lookups;
    boolean unreadable;

    public void policyOf(String bucket, @Nullable String document) throws S3Exception {
        policy = document == null
                ? null
                : BucketPolicy.parse(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)), bucket);
    }

    void put(String key, AccountId owner, @Nullable AccessControlList acl, Map<String, String> tags) {
        put(key, 1, owner, acl, tags);
    }

    public ObjectVersion put(
            String key, long version, AccountId owner, @Nullable AccessControlList acl, Map<String, String> tags) {
        ObjectVersion put = new ObjectVersion(
                key,
                new VersionId(version),
                true,
                true,
                false,
                owner,
                "",
                0,
                0,
                0,
                null,
                ObjectAttributes.EMPTY.withTags(tags).withAcl(acl));
        objects.put(key, put);
        return put;
    }

    @Override
    public @Nullable BucketPolicy policy(Bucket bucket) throws S3Exception {
        if (unreadable) {
            throw new S3Exception(S3Error.INTERNAL_ERROR);
        }
        return policy;
    }

    @Override
    public @Nullable AccessControlList acl(Bucket bucket) {
        lookups++;
        return bucketAcl;
    }

    @Override
    public @Nullable PublicAccessBlock accountBlock(AccountId owner) {
        lookups++;
        return accountBlock;
    }

    @Override
    public @Nullable ObjectVersion version(Bucket bucket, String key, @Nullable String versionId) {
        lookups++;
        return objects.get(key);
    }

    @Override
    public @Nullable AccountId initiator(Bucket bucket, String key, String uploadId) {
        lookups++;
        return initiators.get(key + " " + uploadId);
    }
}
