package io.coffer.gateway.s3;

import static io.coffer.gateway.s3.PipelineFixture.anonymous;
import static io.coffer.gateway.s3.PipelineFixture.mine;
import static io.coffer.gateway.s3.PipelineFixture.signed;
import static io.coffer.gateway.s3.PipelineFixture.theirs;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.gateway.auth.AuthFixture;
import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.Route.Kind;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class S3ServiceTest {
    private final PipelineFixture fixture = new PipelineFixture();
    private final Scripted get =
            new Scripted("GetObject", Route.of("GET", Kind.OBJECT), "s3:GetObject", BodyPolicy.NONE);
    private final Scripted head =
            new Scripted("HeadObject", Route.of("HEAD", Kind.OBJECT), "s3:GetObject", BodyPolicy.NONE);
    private final Scripted put =
            new Scripted("PutObject", Route.of("PUT", Kind.OBJECT), "s3:PutObject", BodyPolicy.DATA);
    private final Scripted deletes = new Scripted(
            "DeleteObjects", Route.of("POST", Kind.BUCKET, "delete"), "s3:DeleteObject", BodyPolicy.DOCUMENT);
    private final Scripted list =
            new Scripted("ListObjects", Route.of("GET", Kind.BUCKET), "s3:ListBucket", BodyPolicy.NONE);
    private final Scripted create =
            new Scripted("CreateBucket", Route.of("PUT", Kind.BUCKET), "s3:CreateBucket", BodyPolicy.DOCUMENT);
    private final Scripted buckets =
            new Scripted("ListBuckets", Route.of("GET", Kind.SERVICE), "s3:ListAllMyBuckets", BodyPolicy.NONE);

    /** What an operation does instead of answering 200. */
    @FunctionalInterface
    private interface Script {
        S3Response run(S3Request request) throws S3Exception, IOException;
    }

    private static final class Scripted extends PipelineFixture.Spy {
        private Script script = request -> S3Response.empty(200, Headers.EMPTY);

        Scripted(String name, Route route, String action, BodyPolicy body) {
            super(new OperationSpec(name, route, Set.of(action), body));
        }

        @Override
        public S3Response handle(S3Request request) throws S3Exception, IOException {
            super.handle(request);
            return script.run(request);
        }
    }

    private FakeExchange run(FakeExchange exchange) {
        return run(service(), exchange);
    }

    private S3Service service() {
        return fixture.service(List.of(get, head, put, deletes, list, create, buckets));
    }

    private static FakeExchange run(S3Service service, FakeExchange exchange) {
        service.handle(exchange);
        return exchange;
    }

    private static void assertError(FakeExchange exchange, S3Error error) {
        assertThat(exchange.status()).as(exchange.text()).isEqualTo(error.status());
        assertThat(exchange.element("Code")).isEqualTo(error.code());
    }

    @Test
    void anAnswerCarriesItsIds() {
        FakeExchange exchange = run(signed(mine(), "GET", "/mine/a%20key"));

        assertThat(exchange.status()).isEqualTo(200);
        String id = exchange.headers().first("x-amz-request-id");
        assertThat(id).matches("[0-9A-F]{16}");
        assertThat(exchange.headers().first("x-amz-id-2")).matches("[A-Za-z0-9+/]{32}");
        assertThat(exchange.headers().first("Server")).isEqualTo("Coffer");
        S3Request seen = get.requests.getFirst();
        assertThat(seen.requestId()).isEqualTo(id);
        assertThat(seen.target()).isEqualTo(new Target.ObjectTarget("mine", "a key"));
        assertThat(seen.host()).isEqualTo("http://localhost:9000");
        assertThat(seen.authorized().id()).isEqualTo(new BucketId(1));
    }

    @Test
    void virtualHostStyleReachesTheSameBucket() {
        FakeExchange exchange = run(signed(mine(), "GET", "/dir/key", "Host", "mine.s3.example.com:9000"));

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(get.requests.getFirst().target()).isEqualTo(new Target.ObjectTarget("mine", "dir/key"));
    }

    @Test
    void anErrorIsADocument() {
        get.script = request -> {
            throw new S3Exception(S3Error.NO_SUCH_KEY).with("Key", "a<b").withHeader("x-amz-delete-marker", "true");
        };
        FakeExchange exchange = run(signed(mine(), "GET", "/mine/a%3Cb"));

        assertThat(exchange.status()).isEqualTo(404);
        assertThat(exchange.headers().first("Content-Type")).isEqualTo("application/xml");
        assertThat(exchange.headers().first("x-amz-delete-marker")).isEqualTo("true");
        assertThat(exchange.text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>"
                        + "<Message>The specified key does not exist.</Message><Key>a&lt;b</Key>"
                        + "<Resource>/mine/a&lt;b</Resource><RequestId>"
                        + exchange.headers().first("x-amz-request-id") + "</RequestId><HostId>"
                        + exchange.headers().first("x-amz-id-2") + "</HostId></Error>");
    }

    @Test
    void aHeadErrorHasNoBodyAndNeitherHasNotModified() {
        head.script = request -> {
            throw new S3Exception(S3Error.NO_SUCH_KEY);
        };
        FakeExchange missing = run(signed(mine(), "HEAD", "/mine/k"));
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.text()).isEmpty();
        assertThat(missing.announced()).isEqualTo(-1);

        get.script = request -> {
            throw new S3Exception(S3Error.NOT_MODIFIED).withHeader("ETag", "\"x\"");
        };
        FakeExchange unchanged = run(signed(mine(), "GET", "/mine/k"));
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.text()).isEmpty();
        assertThat(unchanged.headers().first("ETag")).isEqualTo("\"x\"");
    }

    @Test
    void aBugIsAnInternalErrorThatTellsNothing() {
        get.script = request -> {
            throw new IllegalStateException("the password is sesame");
        };
        FakeExchange exchange = run(signed(mine(), "GET", "/mine/k"));

        assertError(exchange, S3Error.INTERNAL_ERROR);
        assertThat(exchange.text()).doesNotContain("sesame");
        get.script = request -> {
            throw new IOException("disk on fire");
        };
        assertError(run(signed(mine(), "GET", "/mine/k")), S3Error.INTERNAL_ERROR);
    }

    @Test
    void onlyTheOwnerGetsThroughAndMissingBucketsAreTold() {
        assertError(run(signed(mine(), "GET", "/theirs/k")), S3Error.ACCESS_DENIED);
        assertError(run(signed(theirs(), "GET", "/mine")), S3Error.ACCESS_DENIED);
        assertError(run(anonymous("GET", "/mine/k")), S3Error.ACCESS_DENIED);
        assertError(run(anonymous("PUT", "/new-bucket")), S3Error.ACCESS_DENIED);
        assertError(run(anonymous("GET", "/")), S3Error.ACCESS_DENIED);
        assertError(run(signed(mine(), "GET", "/nowhere/k")), S3Error.NO_SUCH_BUCKET);
        assertThat(get.requests).isEmpty();
        assertThat(list.requests).isEmpty();
        assertThat(run(signed(theirs(), "GET", "/")).status()).isEqualTo(200);
        assertThat(run(signed(theirs(), "PUT", "/mine")).status()).isEqualTo(200);
    }

    /** Versions that the operation finds in turn, and whether they have the tag that lets others read them. */
    private FakeExchange readReplaced(long[] versions, boolean[] tagged) throws S3Exception {
        get.requests.clear();
        AccountId owner = PipelineFixture.OTHER.id();
        fixture.resources.policyOf("theirs", """
                {"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::theirs/*",
                "Condition":{"StringEquals":{"s3:ExistingObjectTag/a":"b"}}}}
                """);
        fixture.resources.put("k", 1, owner, null, Map.of("a", "b"));
        get.script = request -> {
            int turn = get.requests.size() - 1;
            Map<String, String> tags = tagged[turn] ? Map.of("a", "b") : Map.of();
            request.permit().check(fixture.resources.put("k", versions[turn], owner, null, tags));
            return S3Response.empty(200, Headers.EMPTY);
        };
        return run(signed(mine(), "GET", "/theirs/k"));
    }

    @Test
    void anObjectThatIsReplacedMeanwhileIsDecidedAboutAgain() throws S3Exception {
        assertThat(readReplaced(new long[] {1}, new boolean[] {true}).status()).isEqualTo(200);
        assertThat(readReplaced(new long[] {2, 2}, new boolean[] {true, true}).status())
                .isEqualTo(200);
        assertThat(get.requests).hasSize(2);
        assertError(readReplaced(new long[] {2, 2}, new boolean[] {false, false}), S3Error.ACCESS_DENIED);
        assertThat(get.requests).hasSize(1);
        assertError(readReplaced(new long[] {2, 3, 4}, new boolean[] {true, true, true}), S3Error.SERVICE_UNAVAILABLE);
        assertThat(get.requests).hasSize(3);
    }

    @Test
    void whatIsMissingIsToldToWhoMayListOnly() throws S3Exception {
        get.script = request -> {
            throw new S3Exception(S3Error.NO_SUCH_KEY);
        };
        put.script = get.script;
        String policy = """
                {"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:PutObject"%s],
                "Resource":["arn:aws:s3:::theirs","arn:aws:s3:::theirs/*"]}]}
                """;
        fixture.resources.policyOf("theirs", policy.formatted(""));
        String[] copying = {"x-amz-copy-source", "/mine/k"};
        assertError(run(signed(mine(), "GET", "/theirs/k")), S3Error.ACCESS_DENIED);
        assertError(run(signed(mine(), "GET", "/theirs/k", copying)), S3Error.ACCESS_DENIED);
        assertError(run(signed(mine(), "PUT", "/theirs/k")), S3Error.ACCESS_DENIED);
        assertError(run(signed(mine(), "PUT", "/theirs/k", copying)), S3Error.NO_SUCH_KEY);
        fixture.resources.policyOf("theirs", policy.formatted(",\"s3:ListBucket\""));
        assertError(run(signed(mine(), "GET", "/theirs/k")), S3Error.NO_SUCH_KEY);
        assertError(run(signed(mine(), "PUT", "/theirs/k")), S3Error.NO_SUCH_KEY);
    }

    @Test
    void namesThatCantBeAreRefusedAfterTheSignature() {
        for (String name : List.of("ab", "a!b", "a%20b", "%C3%A9%C3%A9%C3%A9", "b".repeat(256))) {
            assertError(run(signed(mine(), "GET", "/" + name)), S3Error.INVALID_BUCKET_NAME);
        }
        assertError(run(signed(mine(), "GET", "//key")), S3Error.INVALID_BUCKET_NAME);
        assertThat(run(signed(mine(), "PUT", "/ab")).status())
                .as("CreateBucket checks by its own rules")
                .isEqualTo(200);
        assertThat(run(signed(mine(), "GET", "/mine/" + "k".repeat(1024))).status())
                .isEqualTo(200);
        assertThat(run(signed(mine(), "GET", "/mine/" + "%C3%A9".repeat(512))).status())
                .isEqualTo(200);
        FakeExchange tooLong = run(signed(mine(), "GET", "/mine/" + "%C3%A9".repeat(512) + "k"));
        assertError(tooLong, S3Error.KEY_TOO_LONG);
        assertThat(tooLong.element("Size")).isEqualTo("1025");
        assertThat(tooLong.element("MaxSizeAllowed")).isEqualTo("1024");
        assertError(run(anonymous("GET", "/mine/%zz")), S3Error.INVALID_URI);
    }

    @Test
    void whatIsntOfferedIsToldOnlyToThoseWhoAreKnown() {
        FakeExchange tagging = run(signed(mine(), "PUT", "/mine?tagging"));
        assertError(tagging, S3Error.NOT_IMPLEMENTED);
        FakeExchange patch = run(signed(mine(), "PATCH", "/mine/k"));
        assertError(patch, S3Error.METHOD_NOT_ALLOWED);
        assertThat(patch.element("Method")).isEqualTo("PATCH");
        assertThat(patch.element("ResourceType")).isEqualTo("OBJECT");
        assertThat(patch.headers().first("Allow")).isEqualTo("GET, HEAD, PUT");

        FakeExchange forged = new FakeExchange(
                "PATCH",
                "/mine/k",
                PipelineFixture.signed(mine(), "GET", "/mine/k").head().headers(),
                new byte[0]);
        assertError(run(forged), S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void preflightsAreRefusedAsForABucketWithoutCors() {
        FakeExchange preflight =
                run(anonymous("OPTIONS", "/mine/k", "Origin", "http://a", "Access-Control-Request-Method", "PUT"));
        assertError(preflight, S3Error.ACCESS_FORBIDDEN);
        assertThat(preflight.element("Message")).isEqualTo("CORSResponse: CORS is not enabled for this bucket.");
        assertThat(preflight.element("Method")).isEqualTo("PUT");
        assertThat(preflight.element("ResourceType")).isEqualTo("OBJECT");
        assertError(run(anonymous("OPTIONS", "/mine/k")), S3Error.BAD_REQUEST);
    }

    @Test
    void nothingOfARefusedBodyIsRead() {
        FakeExchange denied = run(signed(mine(), "PUT", "/theirs/k", new byte[100], RequestSigner.UNSIGNED_PAYLOAD));
        assertError(denied, S3Error.ACCESS_DENIED);
        assertThat(denied.bodyRead()).isFalse();

        FakeExchange endless = run(signed(
                mine(),
                "PUT",
                "/mine/k",
                new byte[100],
                RequestSigner.UNSIGNED_PAYLOAD,
                "Transfer-Encoding",
                "chunked"));
        assertError(endless, S3Error.MISSING_CONTENT_LENGTH);
        FakeExchange huge = run(signed(
                mine(),
                "PUT",
                "/mine/k",
                new byte[100],
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
                "x-amz-decoded-content-length",
                Long.toString((5L << 30) + 1)));
        assertError(huge, S3Error.ENTITY_TOO_LARGE);
        assertThat(huge.element("ProposedSize")).isEqualTo("5368709121");
        assertThat(huge.element("MaxSizeAllowed")).isEqualTo("5368709120");
        FakeExchange document =
                run(signed(mine(), "POST", "/mine?delete", new byte[(8 << 20) + 1], RequestSigner.UNSIGNED_PAYLOAD));
        assertError(document, S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
        for (FakeExchange refused : List.of(endless, huge, document)) {
            assertThat(refused.bodyRead()).isFalse();
        }
        assertThat(put.requests).isEmpty();
        assertThat(deletes.requests).isEmpty();
    }

    @Test
    void aBodyNobodyAskedForIsVerifiedAllTheSame() {
        byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
        String right = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assertThat(run(signed(mine(), "GET", "/mine/k", body, right)).status()).isEqualTo(200);
        assertError(run(signed(mine(), "GET", "/mine/k", new byte[0], right)), S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
        assertError(
                run(signed(mine(), "GET", "/mine/k", new byte[100_000], RequestSigner.UNSIGNED_PAYLOAD)),
                S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
        assertError(
                run(signed(mine(), "GET", "/mine/k", new byte[0], "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
                S3Error.MISSING_CONTENT_LENGTH);
    }

    @Test
    void moreThanTheBoundIsToldToSlowDown() throws Exception {
        fixture.settings = fixture.settings.withMaxInFlight(1);
        S3Service service = service();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        get.script = request -> {
            entered.countDown();
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return S3Response.empty(200, Headers.EMPTY);
        };
        Thread first = Thread.startVirtualThread(() -> run(service, signed(mine(), "GET", "/mine/k")));
        entered.await();
        assertError(run(service, signed(mine(), "GET", "/mine/k")), S3Error.SLOW_DOWN);
        leave.countDown();
        first.join();
        assertThat(run(service, signed(mine(), "GET", "/mine/k")).status()).isEqualTo(200);
        assertThat(service.availablePermits()).isEqualTo(1);
    }

    @Test
    void aBucketThatWasMadeAnewIsFoundAndAuthorisedAnew() {
        S3Service service = service();
        assertThat(run(service, signed(mine(), "GET", "/mine/k")).status()).isEqualTo(200);
        get.script = request -> {
            if (request.authorized().id().value() == 1) {
                throw new S3Exception(S3Error.NO_SUCH_BUCKET);
            }
            return S3Response.empty(200, Headers.EMPTY);
        };
        fixture.group.put("mine", 3, AuthFixture.ACCOUNT.id());
        assertThat(run(service, signed(mine(), "GET", "/mine/k")).status()).isEqualTo(200);

        fixture.group.put("mine", 1, AuthFixture.ACCOUNT.id());
        fixture.nowMillis += 1000;
        assertError(run(service, signed(mine(), "GET", "/mine/k")), S3Error.NO_SUCH_BUCKET);
        fixture.group.put("mine", 4, PipelineFixture.OTHER.id());
        assertError(run(service, signed(mine(), "GET", "/mine/k")), S3Error.ACCESS_DENIED);
    }

    @Test
    void objectsDontAskForTheirBucketEachTime() {
        S3Service service = service();
        for (int i = 0; i < 10; i++) {
            run(service, signed(mine(), "GET", "/mine/k"));
        }
        assertThat(fixture.group.asked).isEqualTo(1);
        run(service, signed(mine(), "GET", "/mine"));
        run(service, signed(mine(), "GET", "/mine"));
        assertThat(fixture.group.asked).isEqualTo(3);
    }

    @Test
    void anAnswerThatIsMadeQuicklyIsOrdinary() {
        put.script = request -> slow(() -> S3Response.xml(201, Headers.of("ETag", "e"), document("<A/>")));
        FakeExchange exchange = run(signed(mine(), "PUT", "/mine/k"));
        assertThat(exchange.status()).isEqualTo(201);
        assertThat(exchange.headers().first("ETag")).isEqualTo("e");
        assertThat(exchange.text()).endsWith("<A/>");

        put.script = request -> slow(() -> {
            throw new S3Exception(S3Error.INVALID_PART);
        });
        assertError(run(signed(mine(), "PUT", "/mine/k")), S3Error.INVALID_PART);
    }

    @Test
    void anAnswerThatTakesLongIsKeptAliveWithWhiteSpace() {
        fixture.settings = fixture.settings.withSlowInterval(Duration.ofMillis(5));
        FakeExchange exchange = signed(mine(), "PUT", "/mine/k");
        put.script = request -> slow(() -> {
            Awaitility.await().until(() -> exchange.flushes() > 3);
            return S3Response.xml(200, Headers.EMPTY, document("<A/>"));
        });
        run(exchange);
        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.headers().first("Content-Type")).isEqualTo("application/xml");
        assertThat(exchange.text()).matches("<\\?xml version=\"1.0\" encoding=\"UTF-8\"\\?>\n +<A/>");
        assertThat(exchange.finished()).isTrue();

        FakeExchange failing = signed(mine(), "PUT", "/mine/k");
        put.script = request -> slow(() -> {
            Awaitility.await().until(() -> failing.flushes() > 1);
            throw new S3Exception(S3Error.INVALID_PART);
        });
        run(failing);
        assertThat(failing.status()).isEqualTo(200);
        assertThat(failing.element("Code")).isEqualTo("InvalidPart");
        assertThat(failing.text().indexOf("<?xml")).isEqualTo(failing.text().lastIndexOf("<?xml"));
    }

    private static S3Response slow(S3Response.SlowDocument document) {
        return new S3Response(200, Headers.EMPTY, new S3Response.Content.Slow(document));
    }

    private static ByteBuffer document(String text) {
        return ByteBuffer.wrap(
                ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyRequestIsObservedAlsoWhenTheClientIsGone() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        S3Metrics metrics = new S3Metrics(registry);
        put.script = request -> {
            request.body().read();
            return S3Response.empty(200, Headers.EMPTY);
        };
        run(signed(mine(), "PUT", "/mine/k", new byte[100], RequestSigner.UNSIGNED_PAYLOAD));
        run(signed(mine(), "GET", "/theirs/k"));
        run(signed(mine(), "GET", "/mine/k").gone());
        fixture.observed.forEach(metrics::answered);

        assertThat(fixture.observed)
                .extracting(RequestObserver.Answered::operation, RequestObserver.Answered::status)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("PutObject", 200),
                        org.assertj.core.groups.Tuple.tuple("GetObject", 403),
                        org.assertj.core.groups.Tuple.tuple("GetObject", 200));
        assertThat(fixture.observed.get(2).complete()).isFalse();
        assertThat(registry.get("coffer.s3.requests")
                        .tags("operation", "PutObject", "status", "2xx")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("coffer.s3.body.received")
                        .tag("operation", "PutObject")
                        .counter()
                        .count())
                .isEqualTo(100);
        assertThat(registry.get("coffer.s3.errors")
                        .tag("code", "AccessDenied")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
