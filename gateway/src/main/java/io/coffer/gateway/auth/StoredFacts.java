package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.UploadIds;
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the metadata groups know of what is acted on. Thread-safe; blocks. */
public final class StoredFacts implements ResourceFacts {
    private static final Set<Refusal> MISSING = Set.of(Refusal.NO_SUCH_KEY, Refusal.NO_SUCH_VERSION);

    private final MetadataService metadata;
    private final BucketDocuments documents;
    private final AccountBlocks blocks;

    public StoredFacts(MetadataService metadata, BucketDocuments documents, AccountBlocks blocks) {
        this.metadata = metadata;
        this.documents = documents;
        this.blocks = blocks;
    }

    @Override
    public @Nullable BucketPolicy policy(Bucket bucket) throws S3Exception {
        if (bucket.settings().revisionOf(DocumentKind.POLICY) == 0) {
            return null;
        }
        return documents.find(
                bucket,
                DocumentKind.POLICY,
                BucketPolicy.class,
                content -> BucketPolicy.parseStored(content, bucket.name()));
    }

    @Override
    public @Nullable AccessControlList acl(Bucket bucket) throws S3Exception {
        AccessControlPolicy found =
                documents.find(bucket, DocumentKind.ACL, AccessControlPolicy.class, AccessControlPolicy::parseStored);
        return found == null ? null : found.acl();
    }

    @Override
    public @Nullable PublicAccessBlock accountBlock(AccountId owner) throws S3Exception {
        return blocks.find(owner);
    }

    @Override
    public @Nullable ObjectVersion version(Bucket bucket, String key, @Nullable String versionId) throws S3Exception {
        VersionSelector asked = VersionIds.of(versionId);
        try {
            ObjectVersion version = metadata.ask(
                            bucket,
                            key,
                            partition -> new BucketQuery.GetObject(partition, key, asked, BucketQuery.Window.NONE))
                    .version();
            return version.deleteMarker() ? null : version;
        } catch (RefusedException e) {
            if (MISSING.contains(e.refusal())) {
                return null;
            }
            throw Refusals.toS3(e);
        }
    }

    @Override
    public @Nullable AccountId initiator(Bucket bucket, String key, String uploadId) throws S3Exception {
        UploadId id = UploadIds.parse(uploadId).orElse(null);
        if (id == null) {
            return null;
        }
        try {
            return metadata.ask(bucket, key, partition -> new BucketQuery.GetUpload(partition, key, id))
                    .upload()
                    .initiator();
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_UPLOAD) {
                return null;
            }
            throw Refusals.toS3(e);
        }
    }
}
