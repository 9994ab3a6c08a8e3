package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.EncryptionHeaders;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumRequest;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.PartNumbers;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.UploadIds;
import io.coffer.gateway.s3.xml.CompleteRequest;
import io.coffer.gateway.s3.xml.CompleteUploadResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes an object of an upload's parts; the parts stay where they are. Repeating it answers the same. The answer may take a while,
 * and is announced with white space while it does.
 */
public final class CompleteMultipartUpload implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "CompleteMultipartUpload",
            Route.of("POST", Route.Kind.OBJECT).withQuery(UploadIds.PARAMETER, ""),
            Set.of("s3:PutObject"),
            BodyPolicy.DOCUMENT);

    /** Bytes that every part but the last must have. */
    private static final long MIN_PART_BYTES = 5L << 20;

    private static final String OBJECT_SIZE = "x-amz-mp-object-size";
    private static final long NO_SIZE = -1;

    private final MetadataService metadata;
    private final Buckets buckets;
    private final ObjectEncryption encryption;
    private final ExpiryHeaders expiry;

    public CompleteMultipartUpload(
            MetadataService metadata, Buckets buckets, ObjectEncryption encryption, ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.encryption = encryption;
        this.expiry = expiry;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    /**
     * What is to be completed.
     *
     * @param upload null when it isn't there any more, which it may rightly not be when this is a repetition
     */
    private record Assembly(
            S3Request request,
            Bucket bucket,
            UploadId id,
            @Nullable Upload upload,
            List<CompleteRequest.Part> parts,
            @Nullable StoredChecksum expectedChecksum,
            long expectedSize,
            WriteCondition condition) {}

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Headers headers = request.headers();
        Keys.check(request.key());
        UnofferedHeaders.refuse(headers);
        UploadId id = UploadIds.of(request);
        WriteCondition condition = WriteConditions.ofWrite(headers);
        long expectedSize = expectedSize(headers);
        StoredChecksum.Type type = ChecksumRequest.type(headers);
        // The checksum headers are about the object, not about this document.
        List<CompleteRequest.Part> parts =
                CompleteRequest.parse(Documents.readUnverified(request)).parts();
        checkOrder(parts, id);
        Bucket bucket = buckets.of(request);
        Upload upload = find(bucket, request.key(), id).orElse(null);
        if (upload != null) {
            checkType(upload, type);
            checkPartChecksums(upload, parts);
            encryption.checkCompletion(request, upload);
        }
        Assembly assembly = new Assembly(
                request, bucket, id, upload, parts, expectedChecksum(headers, upload), expectedSize, condition);
        return new S3Response(200, Headers.EMPTY, new S3Response.Content.Slow(() -> complete(assembly)));
    }

    private static long expectedSize(Headers headers) throws S3Exception {
        String text = headers.first(OBJECT_SIZE);
        if (text == null) {
            return NO_SIZE;
        }
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new S3Exception(S3Error.INVALID_REQUEST, "Value for " + OBJECT_SIZE + " header is invalid.");
    }

    private static void checkOrder(List<CompleteRequest.Part> parts, UploadId id) throws S3Exception {
        int last = 0;
        for (CompleteRequest.Part part : parts) {
            if (part.number() > PartNumbers.MAX) {
                throw ListParameters.invalid(
                        "partNumber",
                        Integer.toString(part.number()),
                        "Part number must be an integer between 1 and 10000, inclusive");
            }
            if (part.number() <= last) {
                throw new S3Exception(S3Error.INVALID_PART_ORDER).with("UploadId", id.toString());
            }
            last = part.number();
        }
    }

    private Optional<Upload> find(Bucket bucket, String key, UploadId id) throws S3Exception {
        try {
            return Optional.of(metadata.ask(bucket, key, partition -> new BucketQuery.GetUpload(partition, key, id))
                    .upload());
        } catch (RefusedException e) {
            return switch (e.refusal()) {
                case NO_SUCH_UPLOAD -> Optional.empty();
                default -> throw ObjectErrors.refused(e, key, id.toString());
            };
        }
    }

    private static void checkType(Upload upload, StoredChecksum.@Nullable Type asked) throws S3Exception {
        if (asked != null && asked != upload.checksumType()) {
            String type = upload.checksumType() == null
                    ? "null"
                    : upload.checksumType().name();
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The upload was created using the " + type
                            + " checksum mode. The complete request must use the same checksum mode.");
        }
    }

    private static void checkPartChecksums(Upload upload, List<CompleteRequest.Part> parts) throws S3Exception {
        ChecksumAlgorithm algorithm = upload.checksumAlgorithm();
        if (algorithm == null || upload.checksumType() != StoredChecksum.Type.COMPOSITE) {
            return;
        }
        for (CompleteRequest.Part part : parts) {
            if (!part.checksums().containsKey(algorithm)) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The upload was created using a " + ChecksumRequest.lower(algorithm)
                                + " checksum. The complete request must include the checksum for each part. It was missing"
                                + " for part " + part.number() + " in the request.");
            }
        }
    }

    /** The checksum that the client says the object has; of a composite one without the number of parts. */
    private static @Nullable StoredChecksum expectedChecksum(Headers headers, @Nullable Upload upload)
            throws S3Exception {
        StoredChecksum expected = null;
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            String value = headers.first(algorithm.headerName());
            if (value == null) {
                continue;
            }
            if (expected != null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            }
            int dash = value.indexOf('-');
            StoredChecksum.Type type = upload == null || upload.checksumType() == null
                    ? dash < 0 ? StoredChecksum.Type.FULL_OBJECT : StoredChecksum.Type.COMPOSITE
                    : upload.checksumType();
            String bare = dash < 0 ? value : value.substring(0, dash);
            if (algorithm.decode(bare).isEmpty()) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST, "Value for " + algorithm.headerName() + " header is invalid.");
            }
            expected = new StoredChecksum(algorithm, type, bare);
        }
        return expected;
    }

    private S3Response complete(Assembly assembly) throws S3Exception {
        S3Request request = assembly.request();
        String key = request.key();
        List<BucketCommand.PartName> names = new ArrayList<>(assembly.parts().size());
        for (CompleteRequest.Part part : assembly.parts()) {
            names.add(new BucketCommand.PartName(part.number(), part.etag(), checksum(assembly.upload(), part)));
        }
        Reply.CompleteReply reply;
        try {
            reply = metadata.tell(
                    assembly.bucket(),
                    key,
                    partition -> new BucketCommand.CompleteUpload(
                            partition,
                            key,
                            assembly.id(),
                            names,
                            assembly.expectedSize(),
                            assembly.expectedChecksum(),
                            assembly.condition(),
                            assembly.bucket().versioning()));
        } catch (RefusedException e) {
            throw refused(e, assembly);
        }
        Headers.Builder response = new Headers.Builder();
        if (assembly.upload() != null) {
            EncryptionHeaders.write(assembly.upload().attributes().encryption(), response);
        }
        VersionIds.writeMade(reply.version(), reply.nullVersion(), response);
        if (assembly.upload() != null) {
            expiry.ofObject(
                    assembly.bucket(),
                    key,
                    reply.size(),
                    assembly.upload().attributes().tags(),
                    reply.modifiedMillis(),
                    response);
        }
        return S3Response.xml(
                200,
                response.build(),
                new CompleteUploadResult(
                                location(request),
                                request.bucket(),
                                key,
                                reply.etag(),
                                reply.checksum(),
                                assembly.parts().size())
                        .toXml());
    }

    /** The part's checksum in the upload's algorithm; the only one there is where that isn't known. */
    private static @Nullable StoredChecksum checksum(@Nullable Upload upload, CompleteRequest.Part part) {
        for (var entry : part.checksums().entrySet()) {
            if (upload == null || upload.checksumAlgorithm() == null || upload.checksumAlgorithm() == entry.getKey()) {
                return new StoredChecksum(entry.getKey(), StoredChecksum.Type.FULL_OBJECT, entry.getValue());
            }
        }
        return null;
    }

    private S3Exception refused(RefusedException e, Assembly assembly) throws S3Exception {
        String id = assembly.id().toString();
        return switch (e.refusal()) {
            case PRECONDITION_FAILED -> WriteConditions.failed(assembly.condition());
            case INVALID_PART -> {
                S3Exception error = Refusals.toS3(e).with("UploadId", id);
                yield part(assembly, e.detail())
                        .map(part -> error.with("PartNumber", Integer.toString(part.number()))
                                .with("ETag", part.etag()))
                        .orElse(error);
            }
            case INVALID_PART_ORDER -> Refusals.toS3(e).with("UploadId", id);
            case ENTITY_TOO_SMALL -> tooSmall(assembly, e);
            case SIZE_MISMATCH ->
                new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The provided 'x-amz-mp-object-size' header value " + assembly.expectedSize()
                                + " does not match what was computed: " + e.detail());
            case CHECKSUM_MISMATCH ->
                new S3Exception(
                        S3Error.BAD_DIGEST,
                        "The "
                                + ChecksumRequest.lower(
                                        assembly.expectedChecksum() == null
                                                ? null
                                                : assembly.expectedChecksum().algorithm())
                                + " you specified did not match the calculated checksum.");
            default -> ObjectErrors.refused(e, assembly.request().key(), id);
        };
    }

    /** The part of the request that a refusal names. */
    private static Optional<CompleteRequest.Part> part(Assembly assembly, String number) {
        return assembly.parts().stream()
                .filter(part -> Integer.toString(part.number()).equals(number))
                .findFirst();
    }

    private S3Exception tooSmall(Assembly assembly, RefusedException e) throws S3Exception {
        S3Exception error = Refusals.toS3(e);
        Optional<CompleteRequest.Part> named = part(assembly, e.detail());
        if (named.isEmpty()) {
            return error;
        }
        int number = named.get().number();
        String key = assembly.request().key();
        try {
            var found = metadata.ask(
                            assembly.bucket(),
                            key,
                            partition -> new BucketQuery.ListParts(partition, key, assembly.id(), number - 1, 1))
                    .parts();
            return found.isEmpty()
                    ? error
                    : error.with("ProposedSize", Long.toString(found.getFirst().size()))
                            .with("MinSizeAllowed", Long.toString(MIN_PART_BYTES))
                            .with("PartNumber", Integer.toString(number))
                            .with("ETag", named.get().etag());
        } catch (RefusedException gone) {
            return error;
        }
    }

    /** The object's URL in the form in which the client addressed the bucket. */
    private static String location(S3Request request) {
        String path = Keys.urlPath(request.bucket(), request.key());
        int authority = request.host().indexOf("//") + 2;
        boolean virtualHost = request.host().startsWith(request.bucket() + ".", authority);
        return request.host()
                + (virtualHost ? path.substring(1 + request.bucket().length()) : path);
    }
}
