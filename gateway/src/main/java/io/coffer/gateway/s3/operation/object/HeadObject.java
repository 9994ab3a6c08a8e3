package io.coffer.gateway.s3.operation.object;

import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** GetObject without the bytes. */
public final class HeadObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "HeadObject", Route.of("HEAD", Route.Kind.OBJECT), Set.of("s3:GetObject"), BodyPolicy.NONE);

    private final ObjectRead reads;

    public HeadObject(
            MetadataService metadata,
            Buckets buckets,
            Access access,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.reads = new ObjectRead(metadata, buckets, access, encryption, expiry);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        ObjectRead.Found found = reads.find(request, false);
        if (!found.hasBody()) {
            return S3Response.empty(found.status(), found.headers());
        }
        return new S3Response(found.status(), found.headers(), new S3Response.Content.Length(found.length()));
    }
}
