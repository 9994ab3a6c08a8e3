package io.coffer.gateway.s3.operation.object;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.ObjectCopier;
import io.coffer.gateway.object.StoredBody;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.ContentHeaders;
import io.coffer.gateway.s3.header.CopySource;
import io.coffer.gateway.s3.header.EncryptionHeaders;
import io.coffer.gateway.s3.header.StorageClasses;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumRequest;
import io.coffer.gateway.s3.operation.CopyEncryption;
import io.coffer.gateway.s3.operation.CopySources;
import io.coffer.gateway.s3.operation.CopySources.Source;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
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
import io.coffer.gateway.s3.xml.CopyResult;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies an object, where that is possible without copying its bytes: the new version shares the source's extents. The bytes are read
 * when the copy needs a checksum that the source doesn't have, and written anew where nothing can be shared.
 *
 * <p>A copy keeps its source's ETag, also that of a multipart object, unless it needs such a checksum; then it is the bytes' MD5. Where
 * the bytes are is not to be seen in it. Where ETags are no MD5, because of a key, a copy with other encryption has one of its own.
 */
public final class CopyObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "CopyObject",
            Route.of("PUT", Route.Kind.OBJECT).withHeader(CopySource.HEADER),
            Set.of("s3:PutObject"),
            BodyPolicy.NONE);

    /** How often a copy starts again because its source was replaced meanwhile. */
    private static final int MAX_ATTEMPTS = 4;

    /**
     * A copy of an object that was appended to more often is written anew, so that more can be appended to the copy, as Amazon's TooManyParts
     * advises. Others share their pieces, and the limit of 10,000 with them.
     */
    private static final int MAX_SHARED_PIECES = 1000;

    private static final String METADATA_DIRECTIVE = "x-amz-metadata-directive";
    private static final String TAGGING_DIRECTIVE = "x-amz-tagging-directive";

    private final MetadataService metadata;
    private final Buckets buckets;
    private final AccessLists lists;
    private final CopySources sources;
    private final ObjectCopier copier;
    private final ObjectEncryption encryption;
    private final EarlyCondition early;
    private final ExpiryHeaders expiry;

    public CopyObject(
            MetadataService metadata,
            Buckets buckets,
            AccessLists lists,
            CopySources sources,
            ObjectCopier copier,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lists = lists;
        this.sources = sources;
        this.copier = copier;
        this.encryption = encryption;
        this.early = new EarlyCondition(metadata);
        this.expiry = expiry;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Headers headers = request.headers();
        request.requireSigned("Anonymous users cannot copy objects. Please authenticate.");
        PlainWrites.check(request);
        UnofferedHeaders.refuse(headers);
        boolean replace = isReplace(headers, METADATA_DIRECTIVE, "Unknown metadata directive.");
        boolean replaceTags = isReplace(headers, TAGGING_DIRECTIVE, "Unknown tagging directive.");
        ObjectAttributes attributes = ContentHeaders.parse(headers);
        ChecksumAlgorithm algorithm = ChecksumRequest.algorithm(headers);
        WriteCondition condition = WriteConditions.ofWrite(headers);
        Bucket bucket = buckets.of(request);
        AccessLists.Written written = lists.ofWrite(request, bucket);
        Change change = new Change(replace, replaceTags, attributes, written, algorithm, condition);
        Source source = open(request, bucket, change);
        checkChangesAnything(request, source, change);
        CopyEncryption encrypted = encryption.ofCopy(request, bucket, source.version());
        if (change.mustRead(source.version()) || !copier.shares(source, bucket, request.key(), encrypted)) {
            early.check(bucket, request.key(), change.condition());
            return new S3Response(
                    200, Headers.EMPTY, new S3Response.Content.Slow(() -> copy(request, bucket, source, change)));
        }
        return copy(request, bucket, source, change);
    }

    /** What the request wants of the copy. */
    private record Change(
            boolean replacesAttributes,
            boolean replacesTags,
            ObjectAttributes attributes,
            AccessLists.Written written,
            @Nullable ChecksumAlgorithm algorithm,
            WriteCondition condition) {

        ObjectAttributes attributesOf(ObjectVersion source) {
            ObjectAttributes kept =
                    replacesAttributes ? attributes : ContentHeaders.copied(source.attributes(), attributes);
            return written.onto(kept.withTags(
                    replacesTags ? attributes.tags() : source.attributes().tags()));
        }

        /** The algorithm of the copy's checksum; null for none. */
        @Nullable
        ChecksumAlgorithm checksumOf(ObjectVersion source) {
            if (algorithm != null) {
                return algorithm;
            }
            return source.checksum() == null ? null : source.checksum().algorithm();
        }

        /** A checksum of the whole object stays true of its copy; that of its parts does not. */
        boolean mustRead(ObjectVersion source) {
            if (isScattered(source)) {
                return true;
            }
            ChecksumAlgorithm wanted = checksumOf(source);
            StoredChecksum there = source.checksum();
            return wanted != null
                    && (there == null
                            || there.algorithm() != wanted
                            || there.type() != StoredChecksum.Type.FULL_OBJECT);
        }
    }

    private Source open(S3Request request, Bucket bucket, Change change) throws S3Exception {
        return change.replacesTags() ? sources.open(request) : sources.openWithTags(request, bucket);
    }

    /** Whether it consists of very many pieces and can be written anew. */
    private static boolean isScattered(ObjectVersion source) {
        return source.pieces() > MAX_SHARED_PIECES && source.size() <= Limits.MAX_PUT_BYTES;
    }

    private static boolean isReplace(Headers headers, String header, String message) throws S3Exception {
        String directive = headers.first(header);
        return switch (directive) {
            case null -> false;
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw ListParameters.invalid(header, directive, message);
        };
    }

    private static void checkChangesAnything(S3Request request, Source source, Change change) throws S3Exception {
        boolean same = source.name().bucket().equals(request.bucket())
                && source.name().key().equals(request.key())
                && source.version().latest();
        boolean changes = change.replacesAttributes()
                || change.algorithm() != null
                || EncryptionHeaders.any(request.headers())
                || request.headers().contains(StorageClasses.HEADER)
                || request.headers().contains(ContentHeaders.WEBSITE_REDIRECT);
        if (same && !changes) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
    }

    private S3Response copy(S3Request request, Bucket bucket, Source first, Change change)
            throws S3Exception, IOException {
        Source source = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return commit(request, bucket, source, change);
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.SOURCE_CHANGED || attempt == MAX_ATTEMPTS) {
                    throw ObjectErrors.refused(e, request.key(), change.condition());
                }
                source = open(request, bucket, change);
            }
        }
    }

    private S3Response commit(S3Request request, Bucket bucket, Source source, Change change)
            throws RefusedException, S3Exception, IOException {
        String key = request.key();
        ObjectVersion version = source.version();
        CopyEncryption encrypted = encryption.ofCopy(request, bucket, version);
        boolean shares = copier.shares(source, bucket, key, encrypted);
        long size = version.size();
        if (size > Limits.MAX_PUT_BYTES && !shares) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + Limits.MAX_PUT_BYTES);
        }
        boolean scattered = isScattered(version);
        ChecksumAlgorithm wanted = change.checksumOf(version);
        if (scattered && wanted == null) {
            wanted = ChecksumAlgorithm.DEFAULT;
        }
        try (BodyDigests digests = change.mustRead(version) || encrypted.needsMd5(version)
                        ? new BodyDigests(
                                size, encrypted.chosen().hasMd5Tags(), wanted == null ? Set.of() : Set.of(wanted))
                        : null;
                StoredBody stored = scattered && digests != null
                        ? copier.gather(source, bucket, key, encrypted, digests)
                        : copier.take(source, 0, size, bucket, key, encrypted, digests)) {
            String etag = etag(version, encrypted, shares && !scattered, digests);
            StoredChecksum checksum = digests == null || wanted == null ? version.checksum() : digests.stored(wanted);
            ObjectAttributes attributes = change.attributesOf(version)
                    .withEncryption(encrypted.chosen().encryption());
            Reply.PutReply reply = stored.commit(() -> metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.PutObject(
                            partition,
                            key,
                            change.written().owner(),
                            etag,
                            size,
                            checksum,
                            attributes,
                            stored.payload(),
                            change.condition(),
                            bucket.versioning())));
            Headers.Builder response = new Headers.Builder();
            source.writeVersion(response);
            encrypted.chosen().write(response);
            VersionIds.writeMade(reply.version(), reply.nullVersion(), response);
            expiry.ofObject(bucket, key, size, attributes.tags(), reply.modifiedMillis(), response);
            return S3Response.xml(
                    200, response.build(), new CopyResult(etag, reply.modifiedMillis(), checksum).objectToXml());
        }
    }

    private static String etag(
            ObjectVersion source, CopyEncryption encrypted, boolean shares, @Nullable BodyDigests digests) {
        if (!encrypted.chosen().hasMd5Tags()) {
            return shares ? source.etag() : encrypted.chosen().randomTag();
        }
        return digests == null ? source.etag() : digests.md5Hex();
    }
}
