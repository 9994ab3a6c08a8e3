package io.coffer.gateway.s3.operation.object;

import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.object.ObjectReader;
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

/** Sends an object, a range of it, or one of its parts. */
public final class GetObject implements Operation {
    private static final OperationSpec SPEC =
            new OperationSpec("GetObject", Route.of("GET", Route.Kind.OBJECT), Set.of("s3:GetObject"), BodyPolicy.NONE);

    private final ObjectRead reads;
    private final ObjectReader reader;

    public GetObject(
            MetadataService metadata,
            Buckets buckets,
            Access access,
            ObjectReader reader,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.reads = new ObjectRead(metadata, buckets, access, encryption, expiry);
        this.reader = reader;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        ObjectRead.Found found = reads.find(request, true);
        if (!found.hasBody() || found.length() == 0) {
            return S3Response.empty(found.status(), found.headers());
        }
        S3Response.Body body = reader.body(found.bucket(), request.key(), found.reply(), found.keys());
        return new S3Response(found.status(), found.headers(), new S3Response.Content.Stream(found.length(), body));
    }
}
