package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CustomerKey;
import io.coffer.gateway.s3.header.EncryptionHeaders;
import io.coffer.gateway.s3.header.EntityTags;
import io.coffer.gateway.s3.header.HttpDate;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.ReadConditions;
import io.coffer.gateway.s3.header.RequestedRange;
import io.coffer.gateway.s3.header.ResponseOverrides;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ChecksumFields;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.PartNumbers;
import io.coffer.gateway.s3.operation.S3Request;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What GetObject and HeadObject have in common: which bytes of which version are asked for, whether the conditions hold, and the
 * head of the answer. Order of refusals: the request itself, then whether the object is there, then conditions, then the range.
 */
final class ObjectRead {
    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_MODIFIED = 304;

    private static final Set<String> READ_TAGS = Set.of("s3:GetObjectTagging");
    private static final Set<String> READ_RETENTION = Set.of("s3:GetObjectRetention");
    private static final Set<String> READ_HOLD = Set.of("s3:GetObjectLegalHold");

    private final MetadataService metadata;
    private final Buckets buckets;
    private final Access access;
    private final ObjectEncryption encryption;
    private final ExpiryHeaders expiry;

    ObjectRead(
            MetadataService metadata,
            Buckets buckets,
            Access access,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.access = access;
        this.encryption = encryption;
        this.expiry = expiry;
    }

    /**
     * What was found.
     *
     * @param status 200, 206 or 304
     * @param length of the body; at 304 there is none
     * @param keys of its bytes; null when they aren't encrypted
     */
    record Found(
            int status,
            Headers headers,
            long length,
            Bucket bucket,
            Reply.ObjectReply reply,
            @Nullable DataKeys keys) {
        boolean hasBody() {
            return status != NOT_MODIFIED;
        }
    }

    /** @param withBytes whether the answer's runs are wanted; a HEAD of the whole does without */
    Found find(S3Request request, boolean withBytes) throws S3Exception {
        Headers headers = request.headers();
        String key = request.key();
        Keys.check(key);
        UnofferedHeaders.refuse(headers);
        EncryptionHeaders.refuseMethod(headers);
        VersionSelector version = VersionIds.of(request.query().first(VersionIds.PARAMETER));
        Map<String, String> overrides =
                ResponseOverrides.parse(request.query()::first, request.identity() instanceof Identity.Signed);
        int part = PartNumbers.ofRead(request);
        String rangeHeader = headers.first("Range");
        if (part > 0 && rangeHeader != null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
        }
        RequestedRange range =
                rangeHeader == null ? null : RequestedRange.parse(rangeHeader).orElse(null);

        Bucket bucket = buckets.of(request);
        Window whole = withBytes ? new Window.Range(0, Long.MAX_VALUE) : Window.NONE;
        Reply.ObjectReply reply = ask(bucket, key, version, window(part, range, whole));
        ObjectVersion found = reply.version();
        if (found.deleteMarker()) {
            throw ObjectErrors.deleteMarker(found, version, request.method());
        }
        request.permit().check(found);
        DataKeys keys = encryption.ofRead(request, found, CustomerKey.Place.TARGET);
        switch (ReadConditions.of(headers).check(found.etag(), found.modifiedMillis())) {
            case ReadConditions.Outcome.Holds() -> {}
            case ReadConditions.Outcome.NotModified(String condition) -> {
                return new Found(NOT_MODIFIED, ObjectHead.notModified(bucket, found), 0, bucket, reply, keys);
            }
            case ReadConditions.Outcome.Failed(String condition) ->
                throw new S3Exception(S3Error.PRECONDITION_FAILED).with("Condition", condition);
        }
        if (range != null && !isCurrent(headers, found)) {
            range = null;
            reply = ask(bucket, key, version, whole);
            found = reply.version();
            request.permit().check(found);
            keys = encryption.ofRead(request, found, CustomerKey.Place.TARGET);
        }
        if (range != null && reply.length() == 0) {
            throw unsatisfiable(String.valueOf(rangeHeader), found.size());
        }
        long length = range == null && part == 0 ? found.size() : reply.length();
        Headers.Builder response = new Headers.Builder();
        ObjectHead.write(bucket, found, shown(request, bucket, found.attributes()), overrides, response);
        ObjectEncryption.write(request, found, response);
        if (version instanceof VersionSelector.Latest) {
            expiry.ofObject(bucket, key, found.size(), found.attributes().tags(), found.modifiedMillis(), response);
        }
        boolean partial = (range != null || part > 0) && length > 0;
        if (partial) {
            response.add(
                    "Content-Range",
                    "bytes " + reply.offset() + "-" + (reply.offset() + length - 1) + "/" + found.size());
        }
        if (part > 0 && found.parts() > 0) {
            response.add("x-amz-mp-parts-count", Integer.toString(found.parts()));
        }
        if (range == null && ChecksumFields.askedFor(headers)) {
            checksum(bucket, found, version, part, response);
        }
        return new Found(partial ? PARTIAL_CONTENT : OK, response.build(), length, bucket, reply, keys);
    }

    /** What the client may know: of tags, retention and holds only who may ask for them is told with a read. */
    private ObjectAttributes shown(S3Request request, Bucket bucket, ObjectAttributes all) throws S3Exception {
        VersionLock lock = all.lock();
        if (all.tags().isEmpty() && lock.equals(VersionLock.NONE)) {
            return all;
        }
        Map<String, String> tags = !all.tags().isEmpty() && may(request, bucket, READ_TAGS) ? all.tags() : Map.of();
        boolean tellsHold = lock.hold() && may(request, bucket, READ_HOLD);
        VersionLock told = (lock.mode() == null || may(request, bucket, READ_RETENTION) ? lock : VersionLock.NONE)
                .withHold(tellsHold);
        return all.withTags(tags).withLock(told);
    }

    private boolean may(S3Request request, Bucket bucket, Set<String> actions) throws S3Exception {
        String versionId = request.query().first(VersionIds.PARAMETER);
        return access.ask(request, new Access.Question(actions, request.target(), bucket, versionId)) != null;
    }

    private Reply.ObjectReply ask(Bucket bucket, String key, VersionSelector version, Window window)
            throws S3Exception {
        try {
            return metadata.ask(bucket, key, partition -> new BucketQuery.GetObject(partition, key, version, window));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_PART && window instanceof Window.Part(int number)) {
                int parts = ask(bucket, key, version, Window.NONE).version().parts();
                throw new S3Exception(S3Error.INVALID_PART_NUMBER)
                        .with("ActualPartCount", Integer.toString(Math.max(1, parts)))
                        .with("PartNumberRequested", Integer.toString(number));
            }
            throw ObjectErrors.refused(e, key, version);
        }
    }

    private static Window window(int part, @Nullable RequestedRange range, Window whole) {
        if (part > 0) {
            return new Window.Part(part);
        }
        return switch (range) {
            case null -> whole;
            case RequestedRange.Suffix(long length) -> new Window.Suffix(length);
            case RequestedRange.Slice(long first, long last) ->
                new Window.Range(first, last == Long.MAX_VALUE ? Long.MAX_VALUE - first : last - first + 1);
        };
    }

    /** Whether {@code If-Range}, if there is one, names this version, so that the range is of what the client has. */
    private static boolean isCurrent(Headers headers, ObjectVersion found) {
        String validator = headers.first("If-Range");
        if (validator == null) {
            return true;
        }
        OptionalLong date = HttpDate.parse(validator);
        return date.isPresent()
                ? date.getAsLong() == Math.floorDiv(found.modifiedMillis(), 1000L)
                : EntityTags.parse(validator).matchesStrongly(found.etag());
    }

    private static S3Exception unsatisfiable(String range, long size) {
        return new S3Exception(S3Error.INVALID_RANGE)
                .with("RangeRequested", range)
                .with("ActualObjectSize", Long.toString(size))
                .withHeader("Content-Range", "bytes */" + size);
    }

    /** A range has no checksum; a part has its own, where the parts have any. */
    private void checksum(
            Bucket bucket, ObjectVersion found, VersionSelector version, int part, Headers.Builder response)
            throws S3Exception {
        StoredChecksum checksum = found.checksum();
        if (part == 0 || found.parts() == 0 || checksum == null) {
            ChecksumFields.write(checksum, found.parts(), response);
            return;
        }
        try {
            List<ObjectPart> parts = metadata.ask(
                            bucket,
                            found.key(),
                            partition -> new BucketQuery.ListObjectParts(partition, found.key(), version, part - 1, 1))
                    .parts();
            StoredChecksum own = parts.isEmpty() ? null : parts.getFirst().checksum();
            if (own != null && own.algorithm() == checksum.algorithm()) {
                ChecksumFields.writePart(own, checksum.type(), response);
            }
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, found.key(), version);
        }
    }
}
