package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.deploy.server.ServerConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An end in order gives load balancers the time to notice. */
class GatewayEndTest {
    private static final Duration DRAIN = Duration.ofSeconds(4);
    private static final byte[] NOTHING = {};

    @Test
    void aGatewayThatIsToldToEndSaysSoAndServesOnForAWhile(@TempDir Path directory) throws Exception {
        try (SmallCluster cluster = new SmallCluster(directory, new ServerConfig.Tracing(), DRAIN)) {
            HttpResponse<byte[]> before = cluster.request("PUT", "/bucket", NOTHING);
            assertThat(before.statusCode()).isEqualTo(200);
            assertThat(before.headers().firstValue("connection")).isEmpty();
            assertThat(cluster.readiness()).isEqualTo(200);

            CompletableFuture<Void> end = CompletableFuture.runAsync(cluster::endGateway);
            Awaitility.await().until(() -> cluster.readiness() == 503);
            HttpResponse<byte[]> meanwhile = cluster.request("PUT", "/bucket/key", new byte[100]);
            assertThat(meanwhile.statusCode()).isEqualTo(200);
            assertThat(meanwhile.headers().firstValue("connection")).hasValue("close");
            assertThat(end).isNotDone();

            end.get(1, TimeUnit.MINUTES);
            assertThatThrownBy(() -> cluster.request("GET", "/bucket/key", NOTHING))
                    .isInstanceOf(IOException.class);
        }
    }
}
