package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.coffer.common.trace.Work;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** One request's id in the log lines of everybody who had to do with it. */
class RequestIdTest {
    /** What was logged, by whom, for which request. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new ArrayList<>();

        @Override
        protected synchronized void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
        }

        synchronized List<String> of(String request, String module) {
            return events.stream()
                    .filter(event -> request.equals(event.getMDCPropertyMap().get(Work.LOG_KEY)))
                    .filter(event -> event.getLoggerName().startsWith("io.coffer." + module + "."))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }
    }

    @Test
    void theIdThatTheClientWasToldIsInTheLogOfEveryProcess(@TempDir Path directory) throws Exception {
        Logger coffer = (Logger) LoggerFactory.getLogger("io.coffer");
        Level before = coffer.getLevel();
        Lines lines = new Lines();
        lines.setContext(coffer.getLoggerContext());
        lines.start();
        try (SmallCluster cluster = new SmallCluster(directory)) {
            assertThat(cluster.request("PUT", "/bucket", new byte[0]).statusCode())
                    .isEqualTo(200);
            coffer.setLevel(Level.DEBUG);
            coffer.addAppender(lines);

            String put = id(cluster.request("PUT", "/bucket/key", new byte[300_000]));
            assertFollowed(lines, put, "PUT /bucket/key (PutObject): 200, 300000 bytes in", "wrote 300000 bytes");
            HttpResponse<byte[]> read = cluster.request("GET", "/bucket/key", new byte[0]);
            assertThat(read.body()).hasSize(300_000);
            assertFollowed(lines, id(read), "GET /bucket/key (GetObject): 200, 0 bytes in", "read 262144 bytes");
            cluster.stopLast();
            cluster.readFiles();
            cluster.startGateway("");
            HttpResponse<byte[]> file = cluster.request("GET", "/bucket/key", new byte[0]);
            assertThat(file.body()).hasSize(300_000);
            assertFollowed(lines, id(file), "GET /bucket/key (GetObject): 200, 0 bytes in", "told where extent");
            String missing = id(cluster.request("GET", "/bucket/none", new byte[0]));
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(lines.of(missing, "gateway")).anyMatch(line -> line.contains("404 NoSuchKey")));
            assertThat(lines.of(missing, "dataserver")).isEmpty();
        } finally {
            coffer.detachAppender(lines);
            coffer.setLevel(before);
        }
    }

    private static String id(HttpResponse<byte[]> response) {
        return response.headers().firstValue("x-amz-request-id").orElseThrow();
    }

    /** A line may come a moment behind the answer. */
    private static void assertFollowed(Lines lines, String request, String gateway, String dataserver) {
        await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(lines.of(request, "gateway")).anyMatch(line -> line.startsWith(gateway));
            assertThat(lines.of(request, "metaserver")).anyMatch(line -> line.endsWith(" us"));
            assertThat(lines.of(request, "dataserver")).anyMatch(line -> line.startsWith(dataserver));
        });
    }
}
