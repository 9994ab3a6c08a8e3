package io.coffer.metaserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.metadata.SystemCommand.RemoveNode;
import io.coffer.common.rpc.CertificateRenewal;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.time.ManualTime;
import io.coffer.common.time.WallClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that renew themselves, with a node whose clock is moved and a metaserver whose clock isn't. */
final class RenewalTest {
    @TempDir
    Path directory;

    private JoinCluster cluster;
    private final FileSystem keys = new CrashableFileSystem();
    private final ManualTime time = new ManualTime(System.currentTimeMillis());
    private final List<HostPort> metaservers = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>(JoinCluster.LOOPBACK);
    private NodeIdentity joined;
    private CertificateRenewal renewal;

    @BeforeEach
    void join() throws Exception {
        cluster = new JoinCluster(directory);
        metaservers.add(cluster.address);
        joined = cluster.join(keys, cluster.invite(Node.Role.DATASERVER), Node.Role.DATASERVER);
        cluster.register(joined.node(), Node.Role.DATASERVER, "data-1");
        renewal = renewal(time);
    }

    private CertificateRenewal renewal(WallClock clock) {
        return new CertificateRenewal(joined, keys, () -> hosts, () -> metaservers, clock, cluster.random);
    }

    @AfterEach
    void stop() throws Exception {
        renewal.close();
        cluster.close();
    }

    @Test
    void happensAfterTwoThirdsOfALifeOrALittleEarlier() {
        Instant twoThirds = joined.expires().minus(JoinCluster.NODE_LIFE.dividedBy(3));
        List<Instant> due = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            due.add(renewal(time).due());
        }

        assertThat(due)
                .allSatisfy(at ->
                        assertThat(at).isBetween(twoThirds.minus(JoinCluster.NODE_LIFE.dividedBy(20)), twoThirds));
        assertThat(due.stream().distinct().count()).as("chance").isGreaterThan(40);
    }

    @Test
    void givesTheSameNodeANewKeyAndItsHostsOfToday() throws Exception {
        assertThat(renewal.renewIfDue()).isFalse();
        time.advance(Duration.ofHours(2));
        hosts.add("data-1.example");

        assertThat(renewal.renewIfDue()).isTrue();

        NodeIdentity renewed = renewal.get();
        assertThat(renewed.self()).isEqualTo(joined.self());
        assertThat(renewed.certificate().getPublicKey())
                .isNotEqualTo(joined.certificate().getPublicKey());
        assertThat(renewed.certificate().getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("data-1.example");
        assertThat(NodeIdentity.load(keys)).contains(renewed);
        assertThat(renewal.due()).isAfterOrEqualTo(renewed.expires().minus(JoinCluster.NODE_LIFE.dividedBy(2)));
    }

    @Test
    void happensAtOnceWhenTheNodeIsReachedElsewhere() throws Exception {
        hosts.set(0, "moved.example");
        try (CertificateRenewal moved = renewal(time)) {
            assertThat(moved.renewIfDue()).isTrue();
            assertThat(moved.get().names(hosts)).isTrue();
            assertThat(joined.names(hosts)).isFalse();
            assertThat(moved.renewIfDue()).as("once").isFalse();
        }
    }

    @Test
    void isTriedAgainAtOthers() throws Exception {
        time.advance(Duration.ofHours(2));
        metaservers.set(0, new HostPort("127.0.0.1", 1));
        assertThat(renewal.renewIfDue()).isFalse();
        assertThat(renewal.get()).isEqualTo(joined);

        metaservers.add(cluster.address);

        assertThat(renewal.renewIfDue()).isTrue();
    }

    @Test
    void isNotForANodeThatWasRemoved() throws Exception {
        time.advance(Duration.ofHours(2));
        cluster.tell(new RemoveNode(joined.node()));

        assertThat(renewal.renewIfDue()).isFalse();
        assertThat(renewal.get()).isEqualTo(joined);
    }

    @Test
    void comesTooLateOnceTheCertificateHasExpired() throws Exception {
        time.advance(Duration.ofHours(3));

        assertThat(renewal.renewIfDue()).isFalse();
    }

    @Test
    void happensByItself() {
        time.advance(Duration.ofHours(2));
        CertificateRenewal due = renewal(time);
        due.start();

        await().until(() -> !due.get().equals(joined));
        due.close();
    }
}
