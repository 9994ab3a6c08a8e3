package io.coffer.gateway.s3.operation.object;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.object.StoredBody;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.payload.ExpectedDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.ContentHeaders;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumFields;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.LockedBodies;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts a request's body behind an object: the bytes become durable like those of any object, then one command makes a version of what was
 * there and of them. Nobody but that command knows the object, so that a short append costs what a short object costs.
 */
final class Appends {
    /** What Amazon calls it: the size that the object must have. */
    static final String OFFSET = "x-amz-write-offset-bytes";

    /** The offset that fits every object. */
    static final long ANYWHERE = -1;

    /**
     * One of these has the object, and a checksum of both comes of its own and of the body's. All three of a body cost less than its MD5.
     */
    private static final Set<ChecksumAlgorithm> COMBINED =
            EnumSet.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.CRC64NVME);

    /** From this size on it pays to look whether a body will be refused before it is sent, in bytes. */
    private static final long LONG_BODY = 1 << 20;

    private final MetadataService metadata;
    private final Buckets buckets;
    private final AccessLists lists;
    private final ObjectWriter writer;
    private final ObjectEncryption encryption;
    private final EarlyCondition early;
    private final ExpiryHeaders expiry;

    Appends(
            MetadataService metadata,
            Buckets buckets,
            AccessLists lists,
            ObjectWriter writer,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lists = lists;
        this.writer = writer;
        this.encryption = encryption;
        this.expiry = expiry;
        this.early = new EarlyCondition(metadata);
    }

    /** The offset that a request names. */
    static long offset(Headers headers) throws S3Exception {
        String value = String.valueOf(headers.first(OFFSET));
        try {
            long offset = Long.parseLong(value);
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            // refused below, as is a negative one
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "The write offset must be a number of bytes")
                .with("ArgumentName", OFFSET)
                .with("ArgumentValue", value);
    }

    /** @param offset that the body is to begin at, or {@link #ANYWHERE} */
    S3Response append(S3Request request, long offset) throws S3Exception, IOException {
        Headers headers = request.headers();
        String key = request.key();
        PlainWrites.check(request);
        UnofferedHeaders.refuse(headers, OFFSET);
        long length = request.body().length();
        PlainWrites.checkSize(length);
        if (length == 0) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Request body cannot be empty when 'write offset' is specified.");
        }
        ObjectAttributes plain = ContentHeaders.parse(headers);
        WriteCondition condition = WriteConditions.ofWrite(headers);
        ExpectedDigests expected = ExpectedDigests.from(headers);
        Bucket bucket = buckets.of(request);
        LockedBodies.require(expected, "Put Object", plain, bucket);
        AccessLists.Written written = lists.ofWrite(request, bucket);
        ObjectEncryption.Chosen chosen = encryption.ofWrite(request, bucket);
        ObjectAttributes attributes = written.onto(plain).withEncryption(chosen.encryption());
        early.check(bucket, key, condition);
        if (length >= LONG_BODY && offset != ANYWHERE) {
            checkOffset(bucket, key, offset);
        }
        try (BodyDigests digests =
                        expected.digestsWith(length, chosen.hasMd5Tags(), COMBINED.toArray(ChecksumAlgorithm[]::new));
                StoredBody stored = writer.write(bucket, key, request.body(), digests::update, chosen.sealer())) {
            expected.verify(digests, request.body());
            List<StoredChecksum> checksums = checksums(expected, digests);
            String etag = chosen.etag(digests);
            // Only Amazon's dialect insists on one algorithm, and only where a client names another.
            boolean strict = offset != ANYWHERE && expected.algorithm().isPresent();
            Reply.CompleteReply reply = stored.commit(() -> metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.AppendObject(
                            partition,
                            key,
                            written.owner(),
                            etag,
                            stored.size(),
                            checksums,
                            strict,
                            attributes,
                            stored.payload(),
                            condition,
                            bucket.versioning(),
                            offset)));
            Headers.Builder response = response(reply, chosen);
            expiry.ofObject(
                    bucket, key, reply.size(), () -> tags(bucket, key, reply), reply.modifiedMillis(), response);
            return S3Response.empty(200, response.build());
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, condition);
        }
    }

    /** What is told of an object that others became. */
    static Headers.Builder response(Reply.CompleteReply reply, ObjectEncryption.Chosen chosen) {
        Headers.Builder response = new Headers.Builder()
                .add("ETag", ObjectHead.quoted(reply.etag()))
                .add("x-amz-object-size", Long.toString(reply.size()));
        ChecksumFields.write(reply.checksum(), 0, response);
        chosen.write(response);
        VersionIds.writeMade(reply.version(), reply.nullVersion(), response);
        return response;
    }

    /** Those of what is longer now, which the request doesn't tell. */
    private Map<String, String> tags(Bucket bucket, String key, Reply.CompleteReply made) throws S3Exception {
        VersionSelector version = new VersionSelector.Exact(made.version());
        try {
            return metadata.ask(
                            bucket,
                            key,
                            partition -> new BucketQuery.GetObject(partition, key, version, BucketQuery.Window.NONE))
                    .version()
                    .attributes()
                    .tags();
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, WriteCondition.NONE);
        }
    }

    /** The one for a new object first: what the client named, or the default. */
    private static List<StoredChecksum> checksums(ExpectedDigests expected, BodyDigests digests) {
        ChecksumAlgorithm named = expected.algorithm().orElse(ChecksumAlgorithm.DEFAULT);
        List<StoredChecksum> checksums = new ArrayList<>();
        checksums.add(digests.stored(named));
        for (ChecksumAlgorithm algorithm : COMBINED) {
            if (algorithm != named) {
                checksums.add(digests.stored(algorithm));
            }
        }
        return checksums;
    }

    /** Only an opinion, so that a client doesn't send gigabytes in vain: the append is decided when it is committed. */
    private void checkOffset(Bucket bucket, String key, long offset) throws S3Exception {
        long size = 0;
        try {
            ObjectVersion current = metadata.ask(
                            bucket,
                            key,
                            partition -> new BucketQuery.GetObject(
                                    partition, key, VersionSelector.LATEST, BucketQuery.Window.NONE))
                    .version();
            size = current.deleteMarker() ? 0 : current.size();
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.NO_SUCH_KEY) {
                throw ObjectErrors.refused(e, key, WriteCondition.NONE);
            }
        }
        if (size != offset) {
            throw new S3Exception(S3Error.INVALID_WRITE_OFFSET);
        }
    }
}
