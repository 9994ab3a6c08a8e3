package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.WallClock;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ValidityTest {
    private static final Instant ISSUED = Instant.parse("2026-01-15T10:00:00Z");

    private final NodeId node = new NodeId(UUID.randomUUID());
    private final X509Certificate certificate = new TestAuthority()
            .node(Node.Role.METASERVER, node, List.of("localhost"), ISSUED, Duration.ofDays(100))
            .certificate();

    private static WallClock at(Duration later) {
        return () -> ISSUED.plus(later).toEpochMilli();
    }

    @Test
    void aClockMayBeAYearBehind() throws Exception {
        assertThat(Validity.check(certificate, at(Duration.ofDays(-365))))
                .isEqualTo(ISSUED.minus(Duration.ofDays(365)));
        assertThat(Validity.check(certificate, at(Duration.ofDays(99)))).isEqualTo(ISSUED.plus(Duration.ofDays(99)));
    }

    @Test
    void whatIsOutsideSaysHowFarTheClocksAreApart() {
        assertThatThrownBy(() -> Validity.check(certificate, at(Duration.ofDays(-1366))))
                .isInstanceOf(CertificateException.class)
                .hasMessage("the certificate of metaserver " + node + " is valid from 2025-01-14T10:00:00Z on, and the "
                        + "clock here shows 2022-04-20T10:00:00Z: it is behind by at least 1000 days");
        assertThatThrownBy(() ->
                        Validity.check(certificate, at(Duration.ofDays(100).plusMinutes(90))))
                .isInstanceOf(CertificateException.class)
                .hasMessageEndingWith("unless that is right, it is ahead by at least 90 minutes");
    }
}
