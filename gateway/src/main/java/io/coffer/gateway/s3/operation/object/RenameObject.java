package io.coffer.gateway.s3.operation.object;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.RenameConditions;
import io.coffer.gateway.s3.header.RenameSource;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives an object another key of its bucket, in one moment and without copying a byte. Amazon has it for directory buckets; here it is for all: in
 * one with versions it is a new version under the new key, and a delete marker over the old one.
 */
public final class RenameObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "RenameObject",
            Route.of("PUT", Route.Kind.OBJECT, "renameObject"),
            Set.of("s3:PutObject"),
            BodyPolicy.NONE);

    private static final Set<String> MOVE = Set.of("s3:GetObject", "s3:DeleteObject");
    private static final String TOKEN = "x-amz-client-token";
    private static final Pattern TOKENS = Pattern.compile("[!-~]{1,64}");

    private final MetadataService metadata;
    private final Buckets buckets;
    private final Access access;

    public RenameObject(MetadataService metadata, Buckets buckets, Access access) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.access = access;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Headers headers = request.headers();
        String key = request.key();
        PlainWrites.check(request);
        UnofferedHeaders.refuse(headers);
        String source = RenameSource.parse(headers.first(RenameSource.HEADER), request.bucket());
        if (source.equals(key)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "This rename request is illegal because it renames an object to itself.");
        }
        ObjectCondition sourceCondition = RenameConditions.ofSource(headers);
        ObjectCondition condition = RenameConditions.ofTarget(headers);
        Bucket bucket = buckets.of(request);
        SameGroup.require(bucket, key, source);
        Target from = new Target.ObjectTarget(bucket.name(), source);
        Permit permit = access.require(request, new Access.Question(MOVE, from, bucket, null));
        if (permit instanceof Permit.Nothing) {
            // What comes in between was not decided about.
            throw new S3Exception(S3Error.NO_SUCH_KEY).with("Key", source);
        }
        VersionId version = permit instanceof Permit.Only(VersionId decided) ? decided : null;
        ClientToken token = token(request, bucket, source, sourceCondition, condition);
        try {
            Reply.PutReply reply = metadata.tell(
                    bucket,
                    key,
                    partition -> new BucketCommand.RenameObject(
                            partition,
                            source,
                            version,
                            sourceCondition,
                            key,
                            condition,
                            bucket.versioning(),
                            bucket.owner(),
                            token));
            Headers.Builder response = new Headers.Builder();
            VersionIds.write(bucket, reply.version(), reply.nullVersion(), response);
            return S3Response.empty(200, response.build());
        } catch (RefusedException e) {
            throw switch (e.refusal()) {
                case PRECONDITION_FAILED -> WriteConditions.failed(RenameConditions.named(condition));
                case SOURCE_CONDITION_FAILED ->
                    WriteConditions.failed(RenameSource.HEADER + "-" + RenameConditions.named(sourceCondition));
                default -> ObjectErrors.refused(e, source, VersionSelector.LATEST);
            };
        }
    }

    private static @Nullable ClientToken token(
            S3Request request, Bucket bucket, String source, ObjectCondition sourceCondition, ObjectCondition condition)
            throws S3Exception {
        String token = request.headers().first(TOKEN);
        if (token == null) {
            return null;
        }
        if (!TOKENS.matcher(token).matches()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "A client token has 1 to 64 printable ASCII characters")
                    .with("ArgumentName", TOKEN)
                    .with("ArgumentValue", token);
        }
        String account = request.identity() instanceof Identity.Signed who
                ? who.accountId().value()
                : "";
        ByteBuffer name = ByteBuffer.wrap(sha256(bucket.id() + "\n" + account + "\n" + token));
        byte[] parameters = sha256(source + "\n" + request.key() + "\n" + sourceCondition + "\n" + condition);
        return new ClientToken(name.getLong(), name.getLong(), ByteBuffer.wrap(parameters));
    }

    private static byte[] sha256(String text) {
        Checksummer checksummer = ChecksumAlgorithm.SHA256.newChecksummer();
        checksummer.update(StandardCharsets.UTF_8.encode(text));
        return checksummer.digest();
    }
}
