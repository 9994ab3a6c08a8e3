package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.ComposeSource;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.ContentHeaders;
import io.coffer.gateway.s3.header.EntityTags;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import io.coffer.gateway.s3.xml.ComposeRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes an object of others of the bucket, one behind the other, without copying their bytes: {@code PUT ?compose} of the Kontenum and
 * Wasabi dialect. What the others are is decided in the moment in which the object is made.
 */
public final class ComposeObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ComposeObject",
            Route.of("PUT", Route.Kind.OBJECT, "compose"),
            Set.of("s3:PutObject"),
            BodyPolicy.DOCUMENT);

    private static final Set<String> READ = Set.of("s3:GetObject");
    private static final Set<String> READ_VERSION = Set.of("s3:GetObjectVersion");

    private final MetadataService metadata;
    private final Buckets buckets;
    private final AccessLists lists;
    private final Access access;
    private final ObjectEncryption encryption;
    private final ExpiryHeaders expiry;

    public ComposeObject(
            MetadataService metadata,
            Buckets buckets,
            AccessLists lists,
            Access access,
            ObjectEncryption encryption,
            ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lists = lists;
        this.access = access;
        this.encryption = encryption;
        this.expiry = expiry;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Headers headers = request.headers();
        String key = request.key();
        PlainWrites.check(request);
        UnofferedHeaders.refuse(headers);
        ObjectAttributes plain = ContentHeaders.parse(headers);
        WriteCondition condition = WriteConditions.ofWrite(headers);
        ComposeRequest document = ComposeRequest.parse(Documents.readRequired(request));
        Bucket bucket = buckets.of(request);
        AccessLists.Written written = lists.ofWrite(request, bucket);
        ObjectEncryption.Chosen chosen = encryption.ofWrite(request, bucket);
        ObjectAttributes attributes = written.onto(plain).withEncryption(chosen.encryption());
        List<ComposeSource> sources = new ArrayList<>(document.components().size());
        for (ComposeRequest.Component component : document.components()) {
            sources.add(source(request, bucket, component));
        }
        try {
            Reply.CompleteReply reply = metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.ComposeObject(
                            partition, key, written.owner(), sources, attributes, condition, bucket.versioning()));
            Headers.Builder response = Appends.response(reply, chosen);
            expiry.ofObject(bucket, key, reply.size(), attributes.tags(), reply.modifiedMillis(), response);
            return S3Response.empty(200, response.build());
        } catch (RefusedException e) {
            throw refused(e, key, condition);
        }
    }

    private ComposeSource source(S3Request request, Bucket bucket, ComposeRequest.Component component)
            throws S3Exception {
        Keys.check(component.name());
        SameGroup.require(bucket, request.key(), component.name());
        Permit permit = access.require(
                request,
                new Access.Question(
                        component.versionId() == null ? READ : READ_VERSION,
                        new Target.ObjectTarget(bucket.name(), component.name()),
                        bucket,
                        component.versionId()));
        if (permit instanceof Permit.Nothing) {
            // What comes in between was not decided about.
            throw new S3Exception(S3Error.NO_SUCH_KEY).with("Key", component.name());
        }
        String etag = component.etag() == null
                ? ""
                : String.join(",", EntityTags.parse(component.etag()).strongValues());
        return new ComposeSource(component.name(), permit.selector(VersionIds.of(component.versionId())), etag);
    }

    /** What is missing or isn't as it should be is a source, except where the condition is on the object to be made. */
    private static S3Exception refused(RefusedException refused, String key, WriteCondition condition) {
        return switch (refused.refusal()) {
            case NO_SUCH_KEY, NO_SUCH_VERSION, SOURCE_CONDITION_FAILED -> {
                S3Exception error = ObjectErrors.refused(refused, key, condition);
                yield refused.detail().isEmpty() ? error : error.with("Key", refused.detail());
            }
            default -> ObjectErrors.refused(refused, key, condition);
        };
    }
}
