package io.coffer.gateway.s3.operation.service;

import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.ContinuationToken;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Limits;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ListBucketsResult;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the buckets of the account that asks. */
public final class ListBuckets implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListBuckets", Route.of("GET", Route.Kind.SERVICE), Set.of("s3:ListAllMyBuckets"), BodyPolicy.NONE);

    private final MetadataService metadata;

    public ListBuckets(MetadataService metadata) {
        this.metadata = metadata;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Account account = switch (request.identity()) {
            case Identity.Signed signed -> signed.account();
            case Identity.Anonymous() -> throw new S3Exception(S3Error.ACCESS_DENIED);
        };
        String prefix = request.query().first("prefix");
        String token = ListParameters.text(request, "continuation-token");
        Reply.BucketsReply page = ask(new SystemQuery.ListBuckets(
                account.id(),
                prefix == null ? "" : prefix,
                token.isEmpty() ? "" : ContinuationToken.parse(token),
                ListParameters.text(request, "bucket-region"),
                limit(request.query().first("max-buckets"))));
        List<Bucket> visible = page.buckets().stream()
                .filter(bucket -> bucket.state() != Bucket.State.CREATING)
                .toList();
        String next =
                page.truncated() ? ContinuationToken.of(page.buckets().getLast().name()) : null;
        return S3Response.xml(
                200, Headers.EMPTY, new ListBucketsResult(account.canonicalId(), visible, prefix, next).toXml());
    }

    private Reply.BucketsReply ask(SystemQuery.ListBuckets query) throws S3Exception {
        try {
            return metadata.ask(query);
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    private static int limit(@Nullable String text) throws S3Exception {
        if (text == null || text.isEmpty()) {
            return Limits.MAX_BUCKETS;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= Limits.MAX_BUCKETS) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw ListParameters.invalid(
                "max-buckets",
                text,
                "Argument max-buckets must be an integer between 1 and " + Limits.MAX_BUCKETS + ".");
    }
}
