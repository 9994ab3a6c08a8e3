package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.ContentHeaders;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumRequest;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.InitiateUploadResult;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Starts an upload, with everything that the object will be besides its bytes. */
public final class CreateMultipartUpload implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "CreateMultipartUpload",
            Route.of("POST", Route.Kind.OBJECT, "uploads"),
            Set.of("s3:PutObject"),
            BodyPolicy.NONE);

    private final MetadataService metadata;
    private final Buckets buckets;
    private final AccessLists lists;
    private final ObjectEncryption encryption;
    private final Supplier<RandomGenerator> random;
    private final ExpiryHeaders expiry;

    /** @param random a source for the calling thread */
    public CreateMultipartUpload(
            MetadataService metadata,
            Buckets buckets,
            AccessLists lists,
            ObjectEncryption encryption,
            Supplier<RandomGenerator> random,
            ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lists = lists;
        this.encryption = encryption;
        this.random = random;
        this.expiry = expiry;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String key = request.key();
        Headers headers = request.headers();
        Identity.Signed initiator =
                request.requireSigned("Anonymous users cannot initiate multipart uploads. Please authenticate.");
        Keys.check(key);
        UnofferedHeaders.refuse(headers);
        ObjectAttributes attributes = ContentHeaders.parse(headers);
        ChecksumAlgorithm algorithm = ChecksumRequest.algorithm(headers);
        StoredChecksum.Type type = ChecksumRequest.type(headers, algorithm);
        Bucket bucket = buckets.of(request);
        AccessLists.Written written = lists.ofWrite(request, bucket);
        ObjectEncryption.Chosen chosen = encryption.ofWrite(request, bucket);
        UploadId upload = UploadId.create(metadata.births().millis(), random.get());
        try {
            metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.CreateUpload(
                            partition,
                            key,
                            upload,
                            written.owner(),
                            initiator.accountId(),
                            written.onto(attributes).withEncryption(chosen.encryption()),
                            algorithm,
                            type));
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, upload.toString());
        }
        Headers.Builder response = new Headers.Builder();
        expiry.ofUpload(bucket, key, upload.birthMillis(), response);
        if (algorithm != null && type != null) {
            response.add("x-amz-checksum-algorithm", algorithm.name());
            response.add("x-amz-checksum-type", type.name());
        }
        chosen.write(response);
        return S3Response.xml(
                200, response.build(), new InitiateUploadResult(request.bucket(), key, upload.toString()).toXml());
    }
}
