package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LIFE = Duration.ofDays(365);

    private final SecureRandom random = new SecureRandom();
    private final ClusterId cluster = new ClusterId(UUID.randomUUID());
    private final CertificateAuthority authority = CertificateAuthority.make(cluster, NOW, random);
    private final PeerIdentity node = new PeerIdentity(cluster, Node.Role.DATASERVER, new NodeId(UUID.randomUUID()));
    private final KeyPair keys = CertificateAuthority.newKeys(random);

    @Test
    void namesTheNodeItsRoleAndItsHosts() throws Exception {
        X509Certificate issued = authority.issue(
                CertificateRequest.make(keys, node.node()),
                node,
                List.of("data-1.rack", "10.0.0.7", "fd00::7"),
                NOW,
                LIFE);

        issued.verify(authority.certificate().getPublicKey());
        assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(PeerIdentity.of(issued)).isEqualTo(node);
        assertThat(issued.getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .containsExactlyInAnyOrder(
                        "coffer:" + cluster + "/dataserver/" + node.node(),
                        "data-1.rack",
                        "10.0.0.7",
                        "fd00:0:0:0:0:0:0:7");
        assertThat(issued.getExtendedKeyUsage())
                .as("server and client")
                .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(issued.getBasicConstraints()).as("no authority").isEqualTo(-1);
    }

    @Test
    void allowsForClocksThatAreBehind() throws Exception {
        X509Certificate issued = authority.issue(keys.getPublic(), node, List.of(), NOW, LIFE);

        issued.checkValidity(Date.from(NOW.minus(Duration.ofHours(23))));
        assertThat(issued.getNotAfter().toInstant()).isEqualTo(NOW.plus(LIFE));
    }

    @Test
    void isTheSameAfterItWasEncoded() throws Exception {
        CertificateAuthority again = CertificateAuthority.decode(authority.encode(), random);

        assertThat(again.cluster()).isEqualTo(cluster);
        assertThat(again.certificate()).isEqualTo(authority.certificate());
        again.issue(keys.getPublic(), node, List.of(), NOW, LIFE)
                .verify(authority.certificate().getPublicKey());
    }

    @Test
    void isNotANode() {
        assertThatThrownBy(() -> PeerIdentity.of(authority.certificate())).isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> CertificateAuthority.decode(
                        new Pem(
                                        keys.getPrivate(),
                                        List.of(authority.issue(keys.getPublic(), node, List.of(), NOW, LIFE)))
                                .encode(),
                        random))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.example.com", "a b", "-a", "a_b", "http://a", "a/b", "a..b", "256.1.1.1.1,"})
    void refusesWhatIsNoHost(String host) {
        assertThatThrownBy(() -> authority.issue(keys.getPublic(), node, List.of(host), NOW, LIFE))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("not a host");
    }

    @Test
    void refusesMoreHostsThanANodeHas() {
        List<String> hosts = Collections.nCopies(CertificateAuthority.MAX_HOSTS + 1, "a");

        assertThatThrownBy(() -> authority.issue(keys.getPublic(), node, hosts, NOW, LIFE))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void refusesANodeOfAnotherCluster() {
        PeerIdentity stranger = new PeerIdentity(new ClusterId(UUID.randomUUID()), node.role(), node.node());

        assertThatThrownBy(() -> authority.issue(keys.getPublic(), stranger, List.of(), NOW, LIFE))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void refusesARequestThatItsKeyDidNotSign() throws Exception {
        byte[] forged = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=x"), keys.getPublic())
                .build(new JcaContentSignerBuilder(CertificateAuthority.SIGNATURE)
                        .build(CertificateAuthority.newKeys(random).getPrivate()))
                .getEncoded();

        assertThatThrownBy(() -> authority.issue(forged, node, List.of(), NOW, LIFE))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("didn't sign");
    }

    @Test
    void refusesOtherKindsOfKey() throws Exception {
        KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
        curves.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);

        byte[] other = CertificateRequest.make(curves.generateKeyPair(), node.node());
        byte[] old = new JcaPKCS10CertificationRequestBuilder(
                        new X500Name("CN=x"), rsa.generateKeyPair().getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA")
                        .build(rsa.generateKeyPair().getPrivate()))
                .getEncoded();

        assertThatThrownBy(() -> CertificateRequest.publicKey(other)).hasMessageContaining("P-256");
        assertThatThrownBy(() -> CertificateRequest.publicKey(old)).hasMessageContaining("P-256");
    }

    @Test
    void refusesWhatIsNoRequest() throws IOException {
        byte[] request = CertificateRequest.make(keys, node.node());
        for (int length = 0; length < request.length; length++) {
            byte[] cut = Arrays.copyOf(request, length);
            assertThatThrownBy(() -> CertificateRequest.publicKey(cut)).isInstanceOf(CertificateException.class);
        }
        int refused = 0;
        for (int at = 0; at < request.length; at++) {
            byte[] damaged = request.clone();
            damaged[at] ^= 0x41;
            try {
                // The signature doesn't cover its own framing, in which the parser is lenient.
                assertThat(CertificateRequest.publicKey(damaged)).isEqualTo(keys.getPublic());
            } catch (CertificateException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(request.length - 8);
        assertThatThrownBy(() -> CertificateRequest.publicKey(new byte[CertificateRequest.MAX_BYTES + 1]))
                .isInstanceOf(CertificateException.class);
    }
}
