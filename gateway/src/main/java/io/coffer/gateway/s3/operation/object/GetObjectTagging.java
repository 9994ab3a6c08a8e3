package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.Tagging;
import java.util.Set;
import java.util.TreeMap;

/** Tells the tags of a version, by key. */
public final class GetObjectTagging implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectTagging",
            Route.of("GET", Route.Kind.OBJECT, "tagging"),
            Set.of("s3:GetObjectTagging"),
            BodyPolicy.NONE);

    private final ObjectVersions versions;

    public GetObjectTagging(MetadataService metadata, Buckets buckets) {
        this.versions = new ObjectVersions(metadata, buckets);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        VersionSelector version = ObjectVersions.version(request);
        ObjectVersions.Found found = versions.get(request, version);
        Tagging tagging =
                new Tagging(new TagSet(new TreeMap<>(found.attributes().tags())));
        return S3Response.xml(200, found.headers(), tagging.toXml());
    }
}
