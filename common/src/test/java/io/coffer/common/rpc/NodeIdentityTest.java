package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeIdentityTest {
    private final TestAuthority cluster = new TestAuthority();

    @TempDir
    Path directory;

    @Test
    void isTheSameAfterItWasSaved() throws Exception {
        NodeIdentity identity = cluster.node(Node.Role.GATEWAY);
        FileSystem files = RealFileSystem.at(directory);

        assertThat(NodeIdentity.load(files)).isEmpty();
        identity.save(files);

        assertThat(NodeIdentity.load(files)).contains(identity);
        assertThat(identity.self()).isEqualTo(PeerIdentity.of(identity.certificate()));
    }

    @Test
    void isReadableByItsOwnerAlone() throws IOException {
        cluster.node(Node.Role.GATEWAY).save(RealFileSystem.at(directory));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(NodeIdentity.FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void doesNotShowItsKey() {
        NodeIdentity identity = cluster.node(Node.Role.GATEWAY);

        assertThat(identity.toString()).isEqualTo("gateway " + identity.node() + " until " + identity.expires());
    }

    @Test
    void knowsHowLongItWasIssuedFor() {
        assertThat(cluster.node(Node.Role.GATEWAY).life()).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        NodeIdentity one = cluster.node(Node.Role.GATEWAY);
        NodeIdentity other = cluster.node(Node.Role.GATEWAY);

        assertThatThrownBy(() -> NodeIdentity.of(one.key(), other.chain(), one.authority()))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("not the certificate's");
    }

    @Test
    void refusesACertificateOfAnotherAuthority() {
        NodeIdentity one = cluster.node(Node.Role.GATEWAY);
        TestAuthority other = new TestAuthority(one.cluster());

        assertThatThrownBy(() -> NodeIdentity.of(
                        one.key(), one.chain(), other.authority().certificate()))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> NodeIdentity.of(one.key(), List.of(), one.authority()))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void saysWhenItsFileIsDamaged() throws IOException {
        FileSystem files = RealFileSystem.at(directory);
        cluster.node(Node.Role.GATEWAY).save(files);
        byte[] whole = files.readSmall(NodeIdentity.FILE, Pem.MAX_BYTES);

        for (int length : new int[] {0, 100, whole.length / 2, whole.length - 100}) {
            files.replace(NodeIdentity.FILE, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> NodeIdentity.load(files)).isInstanceOf(IOException.class);
        }
    }
}
