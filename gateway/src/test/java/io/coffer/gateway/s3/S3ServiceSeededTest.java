package io.coffer.gateway.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.auth.AuthFixture;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random request lines and headers, signed and not: each is answered, none with a fault of ours, and no secret is told. */
final class S3ServiceSeededTest {
    private static final int ROUNDS = 40_000;
    private static final List<String> PIECES = List.of(
            "/",
            "//",
            "?",
            "&",
            "=",
            "%",
            "%2F",
            "%00",
            "%zz",
            "%C3%A9",
            "%ff",
            "+",
            ";",
            "#",
            " ",
            "\u00e9",
            "\u0000",
            "\u0141",
            ".",
            "..",
            "mine",
            "theirs",
            "acl",
            "uploads",
            "uploadId=1",
            "partNumber=1",
            "versionId=",
            "delete",
            "list-type=2",
            "X-Amz-Signature=1",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=a/b/c/d/e",
            "X-Amz-Date=20130524T000000Z",
            "X-Amz-Expires=1",
            "X-Amz-SignedHeaders=host",
            "AWSAccessKeyId=A",
            "Signature=",
            "Expires=9",
            "x".repeat(300));
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "X");
    private static final List<String> NAMES = List.of(
            "Authorization",
            "x-amz-date",
            "Date",
            "x-amz-content-sha256",
            "Host",
            "x-amz-security-token",
            "x-amz-meta-a",
            "x-amz-copy-source",
            "x-amz-decoded-content-length",
            "x-amz-trailer",
            "Content-MD5",
            "Transfer-Encoding",
            "Origin");
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=a/20130524/us-east-1/s3/aws4_request",
            "AWS4-HMAC-SHA256 Credential=" + AuthFixture.ACCESS_KEY
                    + "/20130524/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
            "AWS",
            "AWS ",
            "AWS :",
            "AWS a:b",
            "Basic",
            "a:b",
            ",",
            "=",
            "20130524T000000Z",
            "yesterday",
            "Fri, 24 May 2013 00:00:00 GMT",
            "UNSIGNED-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "mine.s3.example.com",
            "[::1]:9",
            ":",
            "-1",
            "99999999999999999999",
            "\u00ff\u0000");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final S3Service service = new PipelineFixture()
            .service(List.of(
                    spy("GetObject", Route.of("GET", Route.Kind.OBJECT), BodyPolicy.NONE),
                    spy("HeadObject", Route.of("HEAD", Route.Kind.OBJECT), BodyPolicy.NONE),
                    spy("PutObject", Route.of("PUT", Route.Kind.OBJECT), BodyPolicy.DATA),
                    spy("ListObjects", Route.of("GET", Route.Kind.BUCKET), BodyPolicy.NONE),
                    spy("DeleteObjects", Route.of("POST", Route.Kind.BUCKET, "delete"), BodyPolicy.DOCUMENT)));

    private static PipelineFixture.Spy spy(String name, Route route, BodyPolicy body) {
        return new PipelineFixture.Spy(new OperationSpec(name, route, Set.of("s3:" + name), body));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private FakeExchange exchange() {
        StringBuilder target = new StringBuilder(random.nextInt(20) == 0 ? "" : "/");
        for (int i = random.nextInt(8); i > 0; i--) {
            target.append(pick(PIECES));
        }
        List<Header> lines = new ArrayList<>(List.of(new Header("Host", "localhost")));
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.add(new Header(pick(NAMES), pick(VALUES)));
        }
        Headers headers = new Headers(lines);
        String method = pick(METHODS);
        if (random.nextBoolean()) {
            try {
                headers = PipelineFixture.mine()
                        .sign(
                                PipelineFixture.toSign(method, target.toString(), headers),
                                "UNSIGNED-PAYLOAD",
                                PipelineFixture.NOW)
                        .headers();
            } catch (AssertionError notAUri) {
                // It goes out unsigned.
            }
        }
        return new FakeExchange(method, target.toString(), headers, new byte[random.nextInt(3)]);
    }

    @Test
    void everyRequestIsAnsweredAndNoneWithAFault() {
        int served = 0;
        for (int i = 0; i < ROUNDS; i++) {
            FakeExchange exchange = exchange();
            service.handle(exchange);
            assertThat(exchange.status())
                    .as(
                            "-Dseed=%d, round %d: %s %s",
                            seed, i, exchange.head().method(), exchange.head().target())
                    .satisfiesAnyOf(
                            status -> assertThat(status).isBetween(200, 499),
                            status -> assertThat(status).isEqualTo(501));
            assertThat(exchange.finished()).isTrue();
            assertThat(exchange.text()).doesNotContain(AuthFixture.SECRET);
            served += exchange.status() == 200 ? 1 : 0;
        }
        assertThat(served).isPositive();
    }
}
