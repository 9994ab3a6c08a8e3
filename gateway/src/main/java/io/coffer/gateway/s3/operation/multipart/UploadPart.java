package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.object.StoredBody;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.payload.ExpectedDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumFields;
import io.coffer.gateway.s3.operation.Limits;
import io.coffer.gateway.s3.operation.LockedBodies;
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
import java.io.IOException;
import java.util.Set;

/** Stores a part of an upload, in place of one of the same number. */
public final class UploadPart implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "UploadPart",
            Route.of("PUT", Route.Kind.OBJECT).withQuery("partNumber", "").withQuery(UploadIds.PARAMETER, ""),
            Set.of("s3:PutObject"),
            BodyPolicy.DATA);

    private final MetadataService metadata;
    private final Buckets buckets;
    private final ObjectWriter writer;
    private final ObjectEncryption encryption;
    private final Uploads uploads;

    public UploadPart(MetadataService metadata, Buckets buckets, ObjectWriter writer, ObjectEncryption encryption) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.writer = writer;
        this.encryption = encryption;
        this.uploads = new Uploads(metadata);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        String key = request.key();
        Keys.check(key);
        UnofferedHeaders.refuse(request.headers());
        int number = PartNumbers.ofUpload(request);
        UploadId id = UploadIds.of(request);
        checkSize(request.body().length());
        ExpectedDigests expected = ExpectedDigests.from(request.headers());
        Bucket bucket = buckets.of(request);
        Upload upload = uploads.find(bucket, key, id);
        LockedBodies.require(expected, "Put Part", upload.attributes(), bucket);
        ObjectEncryption.Chosen chosen = encryption.ofPart(request, upload);
        ChecksumAlgorithm algorithm =
                Uploads.partAlgorithm(upload, expected.algorithm().orElse(null));

        try (BodyDigests digests = expected.digestsWith(request.body().length(), chosen.hasMd5Tags(), algorithm);
                StoredBody stored = writer.write(bucket, key, request.body(), digests::update, chosen.sealer())) {
            expected.verify(digests, request.body());
            StoredChecksum checksum = digests.stored(algorithm);
            String etag = chosen.etag(digests);
            stored.commit(() -> metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.PutPart(
                            partition, key, id, number, etag, stored.size(), checksum, stored.payload())));
            Headers.Builder response = new Headers.Builder().add("ETag", '"' + etag + '"');
            ChecksumFields.writePart(checksum, response);
            chosen.write(response);
            return S3Response.empty(200, response.build());
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, id.toString());
        }
    }

    private static void checkSize(long length) throws S3Exception {
        if (length > Limits.MAX_PUT_BYTES) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .with("ProposedSize", Long.toString(length))
                    .with("MaxSizeAllowed", Long.toString(Limits.MAX_PUT_BYTES));
        }
    }
}
