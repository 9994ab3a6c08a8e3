package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Configuration;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.List;
import java.util.Set;

/** Reads what can't be set yet of an object that is there. */
public final class ObjectConfigurationRead implements Operation {
    private final MetadataService metadata;
    private final Buckets buckets;
    private final OperationSpec spec;
    private final Configuration configuration;

    ObjectConfigurationRead(
            MetadataService metadata, Buckets buckets, OperationSpec spec, Configuration configuration) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.spec = spec;
        this.configuration = configuration;
    }

    @Override
    public OperationSpec spec() {
        return spec;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String key = request.key();
        Keys.check(key);
        VersionSelector asked = VersionIds.of(request.query().first(VersionIds.PARAMETER));
        Bucket bucket = buckets.of(request);
        ObjectVersion version = find(bucket, key, asked);
        if (version.deleteMarker()) {
            throw ObjectErrors.deleteMarker(version, asked, request.method());
        }
        request.permit().check(version);
        Headers.Builder response = new Headers.Builder();
        ObjectHead.versionId(bucket, version, response);
        Owners owners = new Owners(metadata, request.identity(), Set.of(bucket.owner()));
        return configuration.answer(bucket, response.build(), found -> owners.canonicalId(found.owner()));
    }

    private ObjectVersion find(Bucket bucket, String key, VersionSelector asked) throws S3Exception {
        try {
            return metadata.ask(
                            bucket,
                            key,
                            partition -> new BucketQuery.GetObject(partition, key, asked, BucketQuery.Window.NONE))
                    .version();
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, asked);
        }
    }

    /** One operation for each configuration. */
    public static List<Operation> all(MetadataService metadata, Buckets buckets) {
        return List.of(row(metadata, buckets, "GetObjectAcl", "acl", new Configuration.OwnerOnly()));
    }

    private static Operation row(
            MetadataService metadata, Buckets buckets, String name, String subresource, Configuration configuration) {
        OperationSpec spec = new OperationSpec(
                name, Route.of("GET", Route.Kind.OBJECT, subresource), Set.of("s3:" + name), BodyPolicy.NONE);
        return new ObjectConfigurationRead(metadata, buckets, spec, configuration);
    }
}
