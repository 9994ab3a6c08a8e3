package io.coffer.gateway.s3.operation.object;

import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.IOException;
import java.util.Set;

/** Puts bytes behind an object, wherever it ends: {@code PUT ?append} of the Kontenum and Wasabi dialect. */
public final class AppendObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "AppendObject", Route.of("PUT", Route.Kind.OBJECT, "append"), Set.of("s3:PutObject"), BodyPolicy.DATA);

    private final Appends appends;

    public AppendObject(
            MetadataService metadata,
            Buckets buckets,
            AccessLists lists,
            ObjectWriter writer,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        appends = new Appends(metadata, buckets, lists, writer, encryption, expiry);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        boolean named = request.headers().contains(Appends.OFFSET);
        return appends.append(request, named ? Appends.offset(request.headers()) : Appends.ANYWHERE);
    }
}
