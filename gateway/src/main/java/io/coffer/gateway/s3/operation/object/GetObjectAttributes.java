package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CustomerKey;
import io.coffer.gateway.s3.header.EncryptionHeaders;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.StorageClasses;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Limits;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ObjectAttributesResult;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what an object is as a document: the attributes that are asked for, its parts among them. */
public final class GetObjectAttributes implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectAttributes",
            Route.of("GET", Route.Kind.OBJECT, "attributes"),
            Set.of("s3:GetObject", "s3:GetObjectAttributes"),
            BodyPolicy.NONE);

    private static final String WANTED = "x-amz-object-attributes";
    private static final String MAX_PARTS = "x-amz-max-parts";
    private static final String PART_MARKER = "x-amz-part-number-marker";

    private final MetadataService metadata;
    private final Buckets buckets;
    private final ObjectEncryption encryption;

    public GetObjectAttributes(MetadataService metadata, Buckets buckets, ObjectEncryption encryption) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.encryption = encryption;
    }

    private enum Attribute {
        ETAG("ETag"),
        CHECKSUM("Checksum"),
        OBJECT_PARTS("ObjectParts"),
        STORAGE_CLASS("StorageClass"),
        OBJECT_SIZE("ObjectSize");

        private final String wireName;

        Attribute(String wireName) {
            this.wireName = wireName;
        }
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String key = request.key();
        Headers headers = request.headers();
        Keys.check(key);
        UnofferedHeaders.refuse(headers);
        EncryptionHeaders.refuseMethod(headers);
        Set<Attribute> wanted = wanted(headers);
        VersionSelector asked = VersionIds.of(request.query().first(VersionIds.PARAMETER));
        int maxParts =
                Math.min(ListParameters.number(MAX_PARTS, headers.first(MAX_PARTS), Limits.MAX_PAGE), Limits.MAX_PAGE);
        int marker = ListParameters.number(PART_MARKER, headers.first(PART_MARKER), 0);
        Bucket bucket = buckets.of(request);
        ObjectVersion version = find(bucket, key, asked);
        if (version.deleteMarker()) {
            throw ObjectErrors.deleteMarker(version, asked, request.method());
        }
        request.permit().check(version);
        encryption.ofRead(request, version, CustomerKey.Place.TARGET);
        ObjectAttributesResult result = new ObjectAttributesResult(
                wanted.contains(Attribute.ETAG) ? version.etag() : null,
                wanted.contains(Attribute.CHECKSUM) ? version.checksum() : null,
                wanted.contains(Attribute.OBJECT_PARTS) && version.parts() > 0
                        ? parts(bucket, version, asked, marker, maxParts)
                        : null,
                wanted.contains(Attribute.STORAGE_CLASS)
                        ? version.attributes().headers().getOrDefault(StorageClasses.HEADER, StorageClasses.STANDARD)
                        : null,
                wanted.contains(Attribute.OBJECT_SIZE) ? version.size() : -1);
        Headers.Builder response = new Headers.Builder();
        ObjectHead.lastModified(version, response);
        ObjectHead.versionId(bucket, version, response);
        ObjectEncryption.write(request, version, response);
        return S3Response.xml(200, response.build(), result.toXml());
    }

    private static Set<Attribute> wanted(Headers headers) throws S3Exception {
        Set<Attribute> wanted = EnumSet.noneOf(Attribute.class);
        for (String line : headers.all(WANTED)) {
            for (String name : line.split(",", -1)) {
                if (!name.isBlank()) {
                    wanted.add(attribute(name.strip()));
                }
            }
        }
        if (wanted.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or"
                            + " empty");
        }
        return wanted;
    }

    private static Attribute attribute(String name) throws S3Exception {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.wireName.equals(name)) {
                return attribute;
            }
        }
        throw ListParameters.invalid(WANTED, name, "Invalid attribute name specified.");
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

    /** Amazon lists the parts only of objects whose checksum is made of theirs. */
    private ObjectAttributesResult.Parts parts(
            Bucket bucket, ObjectVersion version, VersionSelector asked, int marker, int maxParts) throws S3Exception {
        StoredChecksum checksum = version.checksum();
        ObjectAttributesResult.@Nullable Page page = null;
        if (checksum != null && checksum.type() == StoredChecksum.Type.COMPOSITE) {
            page = maxParts == 0
                    ? new ObjectAttributesResult.Page(marker, 0, false, List.of())
                    : page(bucket, version, asked, marker, maxParts);
        }
        return new ObjectAttributesResult.Parts(version.parts(), page);
    }

    private ObjectAttributesResult.Page page(
            Bucket bucket, ObjectVersion version, VersionSelector asked, int marker, int maxParts) throws S3Exception {
        String key = version.key();
        try {
            Reply.PartsPage found = metadata.ask(
                    bucket, key, partition -> new BucketQuery.ListObjectParts(partition, key, asked, marker, maxParts));
            return new ObjectAttributesResult.Page(marker, maxParts, found.truncated(), found.parts());
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, asked);
        }
    }
}
