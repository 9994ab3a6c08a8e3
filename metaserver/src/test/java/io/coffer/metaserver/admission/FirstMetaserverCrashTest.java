package io.coffer.metaserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashPoints;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.admission.FirstMetaserver.Founded;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster is founded once, however often its first start is interrupted. */
final class FirstMetaserverCrashTest {
    private static final List<String> HOSTS = List.of("meta-1", "10.0.0.1");

    private final SecureRandom random = new SecureRandom();

    private FirstMetaserver first(FileSystem keys) {
        return new FirstMetaserver(keys, Duration.ofDays(1), WallClock.SYSTEM, random);
    }

    private CertificateAuthority authority(MemoryDocuments group, Founded founded) throws Exception {
        return new AuthorityDocument(group, founded.clusterKey(), WallClock.SYSTEM, random)
                .read()
                .get();
    }

    private final class Start implements CrashPoints.Trial {
        private final MemoryDocuments group = new MemoryDocuments();
        private Founded founded;
        private boolean handedOver;

        @Override
        public void run(CrashableFileSystem files) throws Exception {
            Founded made = first(files).found(HOSTS);
            founded = made;
            assertThat(first(files).isFinished()).isFalse();
            first(files).handOver(group, made.clusterKey());
            handedOver = true;
        }

        @Override
        public void check(CrashableFileSystem files) throws Exception {
            CertificateAuthority before = handedOver ? authority(group, founded) : null;

            if (first(files).isFinished()) {
                assertThat(authority(group, founded)).isNotNull();
            }
            Founded again = first(files).found(HOSTS);
            first(files).handOver(group, again.clusterKey());
            assertThat(first(files).isFinished()).isTrue();

            if (founded != null) {
                assertThat(again).isEqualTo(founded);
            }
            CertificateAuthority stored = authority(group, again);
            assertThat(stored.certificate()).isEqualTo(again.identity().authority());
            if (before != null) {
                assertThat(stored.certificate()).isEqualTo(before.certificate());
            }
            assertThat(files.list("")).containsExactly("cluster.key", "node.pem");
        }
    }

    @Test
    void anInterruptedStartIsFinishedByTheNextOne() {
        assertThat(CrashPoints.atEveryOperation(7, 2, Start::new)).isGreaterThan(10);
    }

    @Test
    void theFirstNodeIsAMetaserverAtItsHosts() throws Exception {
        NodeIdentity first = first(new CrashableFileSystem()).found(HOSTS).identity();

        assertThat(first.role()).isEqualTo(Node.Role.METASERVER);
        assertThat(first.certificate().getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("meta-1", "10.0.0.1");
    }

    @Test
    void aSecondFoundationIsRefused() throws Exception {
        MemoryDocuments group = new MemoryDocuments();
        FileSystem one = new CrashableFileSystem();
        Founded first = first(one).found(HOSTS);
        first(one).handOver(group, first.clusterKey());
        FileSystem two = new CrashableFileSystem();
        first(two).found(HOSTS);

        assertThatThrownBy(() -> first(two).handOver(group, first.clusterKey()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("another certificate authority");
        assertThat(authority(group, first).certificate())
                .isEqualTo(first.identity().authority());
    }

    @Test
    void aNodeThatJoinedDoesNotFound() throws Exception {
        FileSystem keys = new CrashableFileSystem();
        first(keys).found(HOSTS);
        keys.delete("cluster.key");

        assertThatThrownBy(() -> first(keys).found(HOSTS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("founded no cluster");
    }
}
