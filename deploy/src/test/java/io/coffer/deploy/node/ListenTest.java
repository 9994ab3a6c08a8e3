package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.config.HostPort;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class ListenTest {
    private static String reachedAt(String address, String advertise) throws Exception {
        return new Listen(HostPort.parse(address), advertise).reachedAt().toString();
    }

    @Test
    void othersReachWhatIsBoundUnlessItIsEverything() throws Exception {
        assertThat(reachedAt("10.1.2.3:9000", "")).isEqualTo("10.1.2.3:9000");
        assertThat(reachedAt("0.0.0.0:9000", ""))
                .isEqualTo(InetAddress.getLocalHost().getHostName() + ":9000");
        assertThat(reachedAt("0.0.0.0:9000", "gateway-1")).isEqualTo("gateway-1:9000");
        assertThat(reachedAt("10.1.2.3:9000", "gateway-1")).isEqualTo("gateway-1:9000");
    }

    @Test
    void anAdvertisedHostHasNoPort() {
        assertThatThrownBy(() -> new Listen(HostPort.parse("0.0.0.0:9000"), "gateway-1:9000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without a port");
    }
}
