package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.ObjectCopier;
import io.coffer.gateway.object.StoredBody;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CopySource;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.CopyEncryption;
import io.coffer.gateway.s3.operation.CopySources;
import io.coffer.gateway.s3.operation.CopySources.Source;
import io.coffer.gateway.s3.operation.Limits;
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
import io.coffer.gateway.s3.xml.CopyResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a part of an object, or of a range of it, that is there already: the part shares its extents where that is possible. The bytes
 * are read when the upload wants a checksum of them that isn't known, and written anew where nothing can be shared.
 *
 * <p>A part made of a whole object that was put in one piece has its ETag. Others have one that stands for the source's ETag and
 * the range, which is the MD5 of no bytes, but the same for the same bytes of the same source: Amazon promises no more for parts
 * that were copied. Where a checksum has to be made, it is their MD5.
 */
public final class UploadPartCopy implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "UploadPartCopy",
            Route.of("PUT", Route.Kind.OBJECT)
                    .withQuery("partNumber", "")
                    .withQuery(UploadIds.PARAMETER, "")
                    .withHeader(CopySource.HEADER),
            Set.of("s3:PutObject"),
            BodyPolicy.NONE);

    /** How often a copy starts again because its source was replaced meanwhile. */
    private static final int MAX_ATTEMPTS = 4;

    private final MetadataService metadata;
    private final Buckets buckets;
    private final CopySources sources;
    private final ObjectCopier copier;
    private final ObjectEncryption encryption;
    private final Uploads uploads;

    public UploadPartCopy(
            MetadataService metadata,
            Buckets buckets,
            CopySources sources,
            ObjectCopier copier,
            ObjectEncryption encryption) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.sources = sources;
        this.copier = copier;
        this.encryption = encryption;
        this.uploads = new Uploads(metadata);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        request.requireSigned("Anonymous users cannot copy objects. Please authenticate.");
        Keys.check(request.key());
        UnofferedHeaders.refuse(request.headers());
        int number = PartNumbers.ofUpload(request);
        UploadId id = UploadIds.of(request);
        Bucket bucket = buckets.of(request);
        Upload upload = uploads.find(bucket, request.key(), id);
        Source source = sources.open(request);
        Part part = part(request, source);
        ChecksumAlgorithm wanted = upload.checksumAlgorithm();
        boolean reads = wanted != null && known(part, wanted) == null;
        CopyEncryption encrypted = encryption.ofPartCopy(request, upload, source.version());
        if (reads || !copier.shares(source, bucket, upload.key(), encrypted)) {
            return new S3Response(
                    200,
                    Headers.EMPTY,
                    new S3Response.Content.Slow(() -> copy(request, bucket, upload, number, source)));
        }
        return copy(request, bucket, upload, number, source);
    }

    /** Which bytes of the source become the part. */
    private record Part(Source source, long offset, long length) {
        boolean isWhole() {
            return length == source.version().size();
        }

        /** The bytes' MD5 where it is known, else something that stands for them. */
        String etag() {
            ObjectVersion version = source.version();
            if (isWhole() && version.parts() == 0 && version.etag().indexOf('-') < 0) {
                return version.etag();
            }
            Checksummer md5 = Md5.newChecksummer();
            md5.update((version.etag() + "/" + version.size() + "/" + offset + "/" + length)
                    .getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(md5.digest());
        }
    }

    private static Part part(S3Request request, Source source) throws S3Exception {
        long size = source.version().size();
        String header = request.headers().first(CopySource.Range.RANGE_HEADER);
        Part part;
        if (header == null) {
            part = new Part(source, 0, size);
        } else {
            CopySource.Range range = CopySource.Range.parse(header);
            if (range.first() >= size) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST, "The specified copy range is invalid for the source object size");
            }
            if (range.last() >= size) {
                throw ListParameters.invalid(
                        CopySource.Range.RANGE_HEADER,
                        header,
                        "Range specified is not valid for source object of size: " + size);
            }
            part = new Part(source, range.first(), range.length());
        }
        if (part.length() > Limits.MAX_PUT_BYTES) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + Limits.MAX_PUT_BYTES);
        }
        return part;
    }

    /** The checksum that the source's bytes are known to have in this algorithm, or null. */
    private static @Nullable StoredChecksum known(Part part, ChecksumAlgorithm algorithm) {
        StoredChecksum there = part.source().version().checksum();
        boolean fits = part.isWhole()
                && there != null
                && there.algorithm() == algorithm
                && there.type() == StoredChecksum.Type.FULL_OBJECT;
        return fits ? there : null;
    }

    private S3Response copy(S3Request request, Bucket bucket, Upload upload, int number, Source first)
            throws S3Exception, IOException {
        Source source = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return commit(
                        bucket,
                        upload,
                        number,
                        part(request, source),
                        encryption.ofPartCopy(request, upload, source.version()));
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.SOURCE_CHANGED || attempt == MAX_ATTEMPTS) {
                    throw ObjectErrors.refused(e, request.key(), upload.id().toString());
                }
                source = sources.open(request);
            }
        }
    }

    private S3Response commit(Bucket bucket, Upload upload, int number, Part part, CopyEncryption encrypted)
            throws RefusedException, S3Exception, IOException {
        Source source = part.source();
        ChecksumAlgorithm wanted = upload.checksumAlgorithm();
        // Where the upload named no algorithm, a checksum isn't worth reading the bytes for.
        StoredChecksum known = known(part, wanted == null ? ChecksumAlgorithm.DEFAULT : wanted);
        boolean reads = wanted != null && known == null || encrypted.needsMd5(source.version());
        try (BodyDigests digests = reads
                        ? new BodyDigests(
                                part.length(),
                                encrypted.chosen().hasMd5Tags(),
                                wanted == null ? Set.of() : Set.of(wanted))
                        : null;
                StoredBody stored =
                        copier.take(source, part.offset(), part.length(), bucket, upload.key(), encrypted, digests)) {
            String etag = etag(part, encrypted, digests);
            StoredChecksum checksum = digests == null || wanted == null ? known : digests.stored(wanted);
            Reply.PartReply reply = stored.commit(() -> metadata.tell(
                    bucket,
                    upload.key(),
                    partition -> new BucketCommand.PutPart(
                            partition,
                            upload.key(),
                            upload.id(),
                            number,
                            etag,
                            part.length(),
                            checksum,
                            stored.payload())));
            Headers.Builder response = new Headers.Builder();
            source.writeVersion(response);
            encrypted.chosen().write(response);
            return S3Response.xml(
                    200, response.build(), new CopyResult(etag, reply.modifiedMillis(), checksum).partToXml());
        }
    }

    private static String etag(Part part, CopyEncryption encrypted, @Nullable BodyDigests digests) {
        if (!encrypted.chosen().hasMd5Tags()) {
            return encrypted.chosen().randomTag();
        }
        return digests == null ? part.etag() : digests.md5Hex();
    }
}
