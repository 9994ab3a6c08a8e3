package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.DeleteConditions;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import io.coffer.gateway.s3.xml.DeleteRequest;
import io.coffer.gateway.s3.xml.DeleteResult;
import io.coffer.gateway.s3.xml.DeleteResult.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;

/**
 * Deletes up to 1,000 objects or versions, each with an outcome of its own. They go in several commands, so that those of other requests
 * are applied in between; when one fails, what went before stays deleted.
 */
public final class DeleteObjects implements Operation {
    private static final Set<String> DELETE = Set.of("s3:DeleteObject");

    private static final Set<String> DELETE_AND_READ = Set.of("s3:DeleteObject", "s3:GetObject");

    private static final OperationSpec SPEC = new OperationSpec(
            "DeleteObjects", Route.of("POST", Route.Kind.BUCKET, "delete"), DELETE, BodyPolicy.DOCUMENT, true);

    /** Half a millisecond of work. With 1,000, requests beside them had four times their p99: docs/performance.md. */
    private static final int KEYS_PER_COMMAND = 40;

    private final MetadataService metadata;
    private final Buckets buckets;
    private final Access access;

    /** @param access decides about each key */
    public DeleteObjects(MetadataService metadata, Buckets buckets, Access access) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.access = access;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        DeleteRequest asked = DeleteRequest.parse(Documents.readPromised(request));
        Bucket bucket = buckets.of(request);
        DeleteConditions.refuseBypass(request.headers(), bucket);
        boolean bypassing = DeleteConditions.bypasses(request.headers());
        Outcome[] outcomes = new Outcome[asked.objects().size()];
        Map<Partition, List<Planned>> plan = new LinkedHashMap<>();
        for (int i = 0; i < outcomes.length; i++) {
            DeleteRequest.Item item = asked.objects().get(i);
            try {
                DeleteTarget target = target(item, bypassing);
                Target.ObjectTarget object = new Target.ObjectTarget(bucket.name(), item.key());
                Set<String> actions = tells(item) ? DELETE_AND_READ : DELETE;
                access.require(request, new Access.Question(actions, object, bucket, item.versionId()));
                plan.computeIfAbsent(MetadataService.partitionOf(bucket, item.key()), partition -> new ArrayList<>())
                        .add(new Planned(i, item, target));
            } catch (S3Exception e) {
                outcomes[i] = failed(item, e);
            }
        }
        for (List<Planned> planned : plan.values()) {
            for (List<Planned> some : planned.stream()
                    .gather(Gatherers.windowFixed(KEYS_PER_COMMAND))
                    .toList()) {
                delete(bucket, some, outcomes);
            }
        }
        List<Outcome> told = Arrays.stream(outcomes)
                .map(Objects::requireNonNull)
                .filter(outcome -> !asked.quiet() || outcome instanceof Outcome.Failed)
                .toList();
        return S3Response.xml(200, Headers.EMPTY, new DeleteResult(told).toXml());
    }

    /** A deletion that can be tried, and its place in the request. */
    private record Planned(int index, DeleteRequest.Item item, DeleteTarget target) {}

    /** Whether success or failure says what the object is like. */
    private static boolean tells(DeleteRequest.Item item) {
        boolean ofAny = item.etag() == null || item.etag().equals("*");
        return !ofAny || item.size() != null || item.lastModifiedTime() != null;
    }

    private static DeleteTarget target(DeleteRequest.Item item, boolean bypassing) throws S3Exception {
        if (item.key().isEmpty()) {
            throw new S3Exception(S3Error.USER_KEY_MUST_BE_SPECIFIED);
        }
        Keys.check(item.key());
        return DeleteConditions.target(
                item.key(), version(item.versionId()), item.etag(), item.size(), item.lastModifiedTime(), bypassing);
    }

    /** What can't be a version id names no version. */
    private static @Nullable VersionSelector version(@Nullable String id) throws S3Exception {
        if (id == null) {
            return null;
        }
        try {
            return VersionIds.parse(id);
        } catch (S3Exception e) {
            throw new S3Exception(S3Error.NO_SUCH_VERSION);
        }
    }

    private void delete(Bucket bucket, List<Planned> planned, @Nullable Outcome[] outcomes) throws S3Exception {
        List<DeleteTarget> targets = planned.stream().map(Planned::target).toList();
        List<Reply.DeleteReply> replies;
        try {
            replies = metadata.tell(
                            bucket,
                            targets.getFirst().key(),
                            partition -> new BucketCommand.DeleteObjects(
                                    partition, targets, bucket.versioning(), bucket.owner()))
                    .replies();
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
        for (int i = 0; i < planned.size(); i++) {
            Planned one = planned.get(i);
            outcomes[one.index()] = outcome(one, replies.get(i));
        }
    }

    private static Outcome outcome(Planned planned, Reply.DeleteReply reply) {
        Refusal refusal = reply.refusal();
        if (refusal != null) {
            return failed(
                    planned.item(),
                    refusal == Refusal.PRECONDITION_FAILED
                            ? DeleteConditions.failed(planned.target())
                            : Refusals.toS3(new RefusedException(refusal)));
        }
        String marker = reply.deleteMarker() && reply.version() != null
                ? VersionIds.text(reply.version(), reply.nullVersion())
                : null;
        return new Outcome.Deleted(planned.item().key(), planned.item().versionId(), reply.deleteMarker(), marker);
    }

    private static Outcome failed(DeleteRequest.Item item, S3Exception e) {
        return new Outcome.Failed(item.key(), item.versionId(), e.error().code(), String.valueOf(e.getMessage()));
    }
}
