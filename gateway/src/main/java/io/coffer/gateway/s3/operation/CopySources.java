package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CopySource;
import io.coffer.gateway.s3.header.ReadConditions;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import java.util.Map;
import java.util.Set;

/** Finds what a copy copies: authorises the source, reads its metadata, evaluates its conditions. Thread-safe. */
public final class CopySources {
    private static final Set<String> READ = Set.of("s3:GetObject");
    private static final Set<String> READ_TAGS = Set.of("s3:GetObjectTagging");
    private static final Set<String> WRITE_TAGS = Set.of("s3:PutObjectTagging");
    private static final Set<String> LIST = Set.of("s3:ListBucket");

    private final MetadataService metadata;
    private final Buckets buckets;
    private final Access access;

    public CopySources(MetadataService metadata, Buckets buckets, Access access) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.access = access;
    }

    /** A source that may be copied, as it was when it was looked at. */
    public record Source(Bucket bucket, CopySource name, ObjectVersion version) {
        /** Adds which version was copied, where the source's bucket has versions. */
        public void writeVersion(Headers.Builder response) {
            if (VersionIds.isTold(bucket, version.nullVersion())) {
                response.add("x-amz-copy-source-version-id", VersionIds.text(version.version(), version.nullVersion()));
            }
        }
    }

    public Source open(S3Request request) throws S3Exception {
        Headers headers = request.headers();
        CopySource name = CopySource.parse(String.valueOf(headers.first(CopySource.HEADER)));
        VersionSelector asked = name.version();
        Bucket bucket = buckets.ofSource(name.bucket(), headers);
        Permit permit = access.require(request, question(name, READ, bucket));
        ObjectVersion version = findOrDeny(request, bucket, name, asked);
        permit.check(version);
        switch (ReadConditions.ofCopySource(headers).check(version.etag(), version.modifiedMillis())) {
            case ReadConditions.Outcome.Holds() -> {}
            case ReadConditions.Outcome.NotModified(String condition) -> throw WriteConditions.failed(condition);
            case ReadConditions.Outcome.Failed(String condition) -> throw WriteConditions.failed(condition);
        }
        return new Source(bucket, name, version);
    }

    /** The same, with its tags. AccessDenied unless they may be read there, and written to the request's target. */
    public Source openWithTags(S3Request request, Bucket target) throws S3Exception {
        Source source = open(request);
        Map<String, String> tags = source.version().attributes().tags();
        if (!tags.isEmpty()) {
            access.require(request, question(source.name(), READ_TAGS, source.bucket()))
                    .check(source.version());
            VersionChange written = new VersionChange.Tags(tags);
            access.require(request, new Access.Question(WRITE_TAGS, request.target(), target, null, written));
        }
        return source;
    }

    private static Access.Question question(CopySource name, Set<String> actions, Bucket bucket) {
        return new Access.Question(
                actions, new Target.ObjectTarget(name.bucket(), name.key()), bucket, name.versionId());
    }

    /** Who may not list a bucket isn't told what is missing in it. */
    private ObjectVersion findOrDeny(S3Request request, Bucket bucket, CopySource name, VersionSelector asked)
            throws S3Exception {
        try {
            return find(bucket, name, asked);
        } catch (S3Exception e) {
            boolean missing = e.error() == S3Error.NO_SUCH_KEY || e.error() == S3Error.NO_SUCH_VERSION;
            if (missing
                    && access.ask(
                                    request,
                                    new Access.Question(LIST, new Target.BucketTarget(name.bucket()), bucket, null))
                            == null) {
                throw new S3Exception(S3Error.ACCESS_DENIED);
            }
            throw e;
        }
    }

    private ObjectVersion find(Bucket bucket, CopySource name, VersionSelector asked) throws S3Exception {
        ObjectVersion version;
        try {
            version = metadata.ask(
                            bucket,
                            name.key(),
                            partition ->
                                    new BucketQuery.GetObject(partition, name.key(), asked, BucketQuery.Window.NONE))
                    .version();
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, name.key(), asked);
        }
        if (version.deleteMarker()) {
            throw asked instanceof VersionSelector.Latest
                    ? new S3Exception(S3Error.NO_SUCH_KEY).with("Key", name.key())
                    : new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "The source of a copy request may not specifically refer to a delete marker by version id.");
        }
        return version;
    }
}
