package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ListVersionsResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists versions and delete markers: by key, then newest first. */
public final class ListObjectVersions implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListObjectVersions",
            Route.of("GET", Route.Kind.BUCKET, "versions"),
            Set.of("s3:ListBucketVersions"),
            BodyPolicy.NONE);

    private static final String VERSION_MARKER = "version-id-marker";

    private final MetadataService metadata;
    private final Buckets buckets;
    private final BucketLister lister;

    public ListObjectVersions(MetadataService metadata, Buckets buckets, BucketLister lister) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lister = lister;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        ObjectListing listing = ObjectListing.of(request);
        String keyMarker = ListParameters.text(request, "key-marker");
        String versionMarker = ListParameters.text(request, VERSION_MARKER);
        VersionSelector afterVersion = afterVersion(keyMarker, versionMarker);
        Bucket bucket = buckets.of(request);
        BucketLister.Page<ObjectVersion> page = listing.limit() == 0
                ? ObjectListing.empty()
                : lister.versions(
                        bucket, listing.prefix(), listing.delimiterOrEmpty(), keyMarker, afterVersion, listing.limit());
        Owners owners = Owners.ofObjects(metadata, request.identity(), bucket, ObjectListing.owners(page));
        return S3Response.xml(
                200,
                Headers.EMPTY,
                new ListVersionsResult(
                                request.bucket(),
                                listing.prefix(),
                                listing.delimiter(),
                                keyMarker,
                                versionMarker,
                                page.truncated() ? ObjectListing.last(page) : null,
                                page.truncated() ? lastVersion(page) : null,
                                listing.limit(),
                                listing.urlEncoded(),
                                page.truncated(),
                                page.entries(),
                                owners::canonicalId)
                        .toXml());
    }

    private static @Nullable VersionSelector afterVersion(String keyMarker, String versionMarker) throws S3Exception {
        if (versionMarker.isEmpty()) {
            return null;
        }
        if (keyMarker.isEmpty()) {
            throw ListParameters.invalid(
                    VERSION_MARKER, versionMarker, "A version-id marker cannot be specified without a key marker.");
        }
        try {
            return VersionIds.parse(versionMarker);
        } catch (S3Exception e) {
            throw ListParameters.invalid(VERSION_MARKER, versionMarker, "Invalid version id specified");
        }
    }

    private static @Nullable String lastVersion(BucketLister.Page<ObjectVersion> page) {
        return switch (page.entries().getLast()) {
            case Entry.Item<ObjectVersion>(ObjectVersion version) ->
                VersionIds.text(version.version(), version.nullVersion());
            case Entry.CommonPrefix<ObjectVersion>(String common) -> null;
        };
    }
}
