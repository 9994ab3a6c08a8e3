package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.time.ManualTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Renewal by a metaserver that has the authority; over the network it is tested with metaservers. */
final class CertificateRenewalTest {
    private static final Duration LIFE = Duration.ofDays(365);
    private static final List<String> HOSTS = List.of("127.0.0.1", "0:0::1", "Meta.Example");

    private final TestAuthority cluster = new TestAuthority();
    private final FileSystem keys = new CrashableFileSystem();
    private final ManualTime time = new ManualTime(System.currentTimeMillis());
    private final NodeIdentity issued = cluster.node(
            Node.Role.METASERVER,
            new NodeId(UUID.randomUUID()),
            List.of("meta.example", "127.0.0.1", "::1"),
            Instant.ofEpochMilli(time.millis()),
            LIFE);

    private CertificateRenewal renewal(List<String> hosts) {
        return new CertificateRenewal(issued, keys, () -> hosts, List::of, time, new SecureRandom());
    }

    @Test
    void aMetaserverThatWasOffForTwoYearsRenewsItsOwn() throws Exception {
        CertificateRenewal renewal = renewal(HOSTS);
        renewal.renewBy(cluster.authority(), LIFE);
        assertThat(renewal.get()).as("still good").isEqualTo(issued);
        time.advance(LIFE.multipliedBy(2));
        assertThat(renewal.isExpired()).isTrue();

        renewal.renewBy(cluster.authority(), LIFE);

        NodeIdentity renewed = renewal.get();
        assertThat(renewal.isExpired()).isFalse();
        assertThat(renewed.self()).isEqualTo(issued.self());
        assertThat(NodeIdentity.load(keys)).contains(renewed);
        assertThat(renewal.due()).isAfter(Instant.ofEpochMilli(time.millis()));
        assertThat(renewed.certificate().getNotBefore())
                .as("if only its clock is two years ahead, the others still trust it")
                .isEqualTo(issued.certificate().getNotBefore());
    }

    @Test
    void aMetaserverThatIsReachedElsewhereRenewsItsOwn() throws Exception {
        CertificateRenewal renewal = renewal(List.of("elsewhere.example"));

        renewal.renewBy(cluster.authority(), LIFE);

        assertThat(renewal.get().names(List.of("elsewhere.example"))).isTrue();
        assertThat(renewal.get().life()).isEqualTo(LIFE);
    }
}
