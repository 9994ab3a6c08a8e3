package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.access.policy.PrincipalName;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.KnownAccounts;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.PublicBlocks;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/** Gives a bucket a policy in the place of the one before; only its owner can. */
public final class PutBucketPolicy implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketPolicy",
            Route.of("PUT", Route.Kind.BUCKET, "policy"),
            Set.of("s3:PutBucketPolicy"),
            BodyPolicy.DOCUMENT);

    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final BucketChanges changes;
    private final KnownAccounts accounts;
    private final PublicBlocks blocks;

    public PutBucketPolicy(Buckets buckets, BucketChanges changes, KnownAccounts accounts, PublicBlocks blocks) {
        this.buckets = buckets;
        this.changes = changes;
        this.accounts = accounts;
        this.blocks = blocks;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        ByteBuffer document = Documents.readRequired(request);
        Bucket bucket = Policies.ownersBucket(buckets, request);
        BucketPolicy policy = BucketPolicy.parse(document, bucket.name());
        for (PrincipalName name : policy.principals()) {
            if (!accounts.knows(name)) {
                throw new S3Exception(S3Error.MALFORMED_POLICY, "Invalid principal in policy");
            }
        }
        if (policy.isPublic()
                && blocks.of(bucket.owner(), bucket.settings().publicAccessBlock())
                        .blockPublicPolicy()) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        changes.put(bucket, DocumentKind.POLICY, document);
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }
}
