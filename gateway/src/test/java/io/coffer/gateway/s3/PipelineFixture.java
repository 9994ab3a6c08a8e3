package io.coffer.gateway.s3;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.auth.AuthFixture;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.Authorizer;
import io.coffer.gateway.auth.FakeResources;
import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** A pipeline over operations that only remember they were reached, with two accounts and their buckets. */
final class PipelineFixture {
    static final long NOW = AuthFixture.NOW;
    static final Account OTHER =
            new Account(new AccountId("000000000002"), "e".repeat(64), "other", "", false, true, 0);
    static final String OTHER_KEY = "OTHERKEY";
    static final String OTHER_SECRET = "other-secret";

    final Buckets group = new Buckets();
    final List<RequestObserver.Answered> observed = new ArrayList<>();
    long nowMillis = NOW;
    S3Settings settings = S3Settings.DEFAULT.withBaseDomains(List.of("s3.example.com"));
    final FakeResources resources = new FakeResources();
    AuthSettings auth = AuthSettings.DEFAULT.withSigV2(true);

    PipelineFixture() {
        group.put("mine", 1, AuthFixture.ACCOUNT.id());
        group.put("theirs", 2, OTHER.id());
    }

    /** A system group that knows buckets. */
    static final class Buckets implements MetadataClient {
        private final Map<String, Bucket> buckets = new HashMap<>();
        int asked;

        void put(String name, long id, AccountId owner) {
            buckets.put(
                    name,
                    new Bucket(
                            new BucketId(id),
                            name,
                            owner,
                            "us-east-1",
                            0,
                            Bucket.State.ACTIVE,
                            Versioning.UNVERSIONED,
                            "",
                            List.of()));
        }

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId g, RequestId request, Command<R> command) {
            throw new AssertionError("the pipeline changes nothing");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId g, Query<R> query) {
            asked++;
            Bucket bucket = buckets.get(((SystemQuery.GetBucket) query).foldedName());
            return bucket == null
                    ? CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_BUCKET))
                    : CompletableFuture.completedFuture((R) new Reply.BucketReply(bucket));
        }
    }

    /** An operation that remembers its requests. */
    static class Spy implements Operation {
        private final OperationSpec spec;
        final List<S3Request> requests = new ArrayList<>();

        Spy(OperationSpec spec) {
            this.spec = spec;
        }

        @Override
        public OperationSpec spec() {
            return spec;
        }

        @Override
        public S3Response handle(S3Request request) throws S3Exception, IOException {
            requests.add(request);
            return S3Response.empty(200, Headers.EMPTY);
        }
    }

    S3Service service(List<? extends Operation> operations) {
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        SplittableRandom random = new SplittableRandom(7);
        MetadataService metadata = new MetadataService(group, clock, () -> random, Duration.ofSeconds(1));
        AuthFixture.Keys keys = AuthFixture.keys().add(OTHER_KEY, OTHER_SECRET, OTHER, true);
        return new S3Service(
                settings,
                new S3Service.Parts(
                        new RequestIds(clock, () -> random),
                        new Authenticator(auth, keys),
                        new Authorizer(resources, AclMode.FULL),
                        new BucketCache(metadata, clock),
                        new BucketDocuments(metadata),
                        observed::add),
                operations);
    }

    static RequestSigner mine() {
        return new RequestSigner(AuthFixture.ACCESS_KEY, Secret.of(AuthFixture.SECRET), "us-east-1", "s3");
    }

    static RequestSigner theirs() {
        return new RequestSigner(OTHER_KEY, Secret.of(OTHER_SECRET), "us-east-1", "s3");
    }

    /** What is to be signed of a request line and headers, told apart as the pipeline does. */
    static SigningRequest toSign(String method, String target, Headers headers) {
        try {
            ParsedRequest parsed = new RequestParser(List.of("s3.example.com"))
                    .parse(new RequestHead(
                            method,
                            target,
                            "HTTP/1.1",
                            headers,
                            InetSocketAddress.createUnresolved("client", 1),
                            null));
            return new SigningRequest(
                    method, parsed.path(), parsed.rawPath(), parsed.query(), headers, parsed.hostBucket());
        } catch (S3Exception e) {
            throw new AssertionError(target, e);
        }
    }

    static FakeExchange signed(RequestSigner signer, String method, String target, String... headers) {
        return signed(signer, method, target, new byte[0], RequestSigner.UNSIGNED_PAYLOAD, headers);
    }

    static FakeExchange signed(
            RequestSigner signer, String method, String target, byte[] body, String payload, String... headers) {
        Headers plain = host(Headers.of(headers));
        Headers all = signer.sign(toSign(method, target, plain), payload, NOW).headers();
        return new FakeExchange(method, target, all, body);
    }

    private static Headers host(Headers headers) {
        if (headers.contains("Host")) {
            return headers;
        }
        Headers.Builder builder = new Headers.Builder().add("Host", "localhost:9000");
        for (Header line : headers) {
            builder.add(line.name(), line.value());
        }
        return builder.build();
    }

    static FakeExchange anonymous(String method, String target, String... headers) {
        return new FakeExchange(method, target, host(Headers.of(headers)), new byte[0]);
    }
}
