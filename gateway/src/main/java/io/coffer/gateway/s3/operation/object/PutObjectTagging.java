package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.Tagging;
import java.io.IOException;
import java.util.Set;

/** Gives a version tags in the place of all that it has. */
public final class PutObjectTagging implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutObjectTagging",
            Route.of("PUT", Route.Kind.OBJECT, "tagging"),
            Set.of("s3:PutObjectTagging"),
            BodyPolicy.DOCUMENT,
            true);

    private final BodyChanges changes;

    /** @param access decides about what the body wants */
    public PutObjectTagging(MetadataService metadata, Buckets buckets, Access access) {
        this.changes = new BodyChanges(metadata, buckets, access);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        VersionSelector version = ObjectVersions.version(request);
        Tagging tagging = Tagging.parse(Documents.readPromised(request), TagSet.Kind.OBJECT);
        return S3Response.empty(
                200,
                changes.make(
                        request,
                        SPEC,
                        version,
                        new VersionChange.Tags(tagging.tags().tags())));
    }
}
