package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.deploy.node.TraceCollector.Received;
import io.coffer.deploy.server.ServerConfig;
import io.coffer.gateway.http.Header;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the client through every process. The three share this process' tracer, so who sent a span is told by its name. */
class TraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CLIENT = "00f067aa0ba902b7";
    private static final long SERVER = 2;
    private static final long CALL = 3;

    @Test
    void aRequestIsTracedThroughEveryProcess(@TempDir Path directory) throws Exception {
        try (TraceCollector collector = new TraceCollector();
                SmallCluster cluster = new SmallCluster(directory, new ServerConfig.Tracing(collector.endpoint(), 0))) {
            assertThat(cluster.request("PUT", "/bucket", new byte[0]).statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> put = cluster.request(
                    "PUT",
                    "/bucket/key",
                    new byte[100_000],
                    new Header("traceparent", "00-" + TRACE + '-' + CLIENT + "-01"));
            assertThat(put.statusCode()).isEqualTo(200);
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                List<Received> spans = collector.of(TRACE);
                Received s3 = only(spans, "S3 PutObject", SERVER);
                assertThat(s3.parent()).isEqualTo(CLIENT);
                assertThat(s3.service()).startsWith("coffer-");
                assertThat(s3.attributes())
                        .containsEntry("aws.s3.bucket", "bucket")
                        .containsEntry("http.response.status_code", "200")
                        .containsEntry("http.request.body.size", "100000")
                        .containsEntry(
                                "aws.request_id",
                                put.headers().firstValue("x-amz-request-id").orElseThrow());
                Received submit = only(spans, "metadata PutObject", CALL);
                assertThat(submit.parent()).isEqualTo(s3.id());
                assertThat(only(spans, "metadata Submit", SERVER).parent()).isEqualTo(submit.id());
                Received write = only(spans, "write chunk", CALL);
                assertThat(write.parent()).isEqualTo(s3.id());
                assertThat(write.attributes()).containsEntry("coffer.bytes", "100000");
                assertThat(only(spans, "write chunk", SERVER).parent()).isEqualTo(write.id());
            });

            String other = "0af7651916cd43dd8448eb211c80319c";
            assertThat(cluster.request(
                                    "GET",
                                    "/bucket/key",
                                    new byte[0],
                                    new Header("traceparent", "00-" + other + '-' + CLIENT + "-01"))
                            .body())
                    .hasSize(100_000);
            await().atMost(20, TimeUnit.SECONDS).untilAsserted(() -> {
                List<Received> spans = collector.of(other);
                Received read = only(spans, "read chunk", CALL);
                assertThat(read.parent())
                        .isEqualTo(only(spans, "S3 GetObject", SERVER).id());
                assertThat(read.attributes()).containsEntry("coffer.from", "network");
                assertThat(only(spans, "read chunk", SERVER).parent()).isEqualTo(read.id());
                assertThat(spans).anyMatch(span -> span.name().equals("metadata Query"));
            });
            assertThat(collector.count())
                    .as("what no client traces isn't sampled at 0")
                    .isEqualTo(collector.of(TRACE).size() + collector.of(other).size());
        }
    }

    private static Received only(List<Received> spans, String name, long kind) {
        List<Received> found = spans.stream()
                .filter(span -> span.name().equals(name) && span.kind() == kind)
                .toList();
        assertThat(found).as(name + " of kind " + kind + " among " + spans).hasSize(1);
        return found.getFirst();
    }
}
