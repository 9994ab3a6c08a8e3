package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.client.MetadataService;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ClusterCredentialsTest {
    private final SecretSealer sealer = sealer();
    private final OneKey group = new OneKey();
    private long now = 1_000_000;
    private final ClusterCredentials credentials = credentials(sealer);

    /** With a key of its own. */
    private static SecretSealer sealer() {
        SecureRandom random = new SecureRandom();
        return new SecretSealer(ClusterKey.make(random).sealer(random));
    }

    private ClusterCredentials credentials(SecretSealer opener) {
        InstantSource clock = () -> Instant.ofEpochMilli(now);
        return new ClusterCredentials(
                new MetadataService(group, clock, () -> new Random(1), Duration.ofSeconds(1)), opener, clock);
    }

    /** A system group that holds the key {@code A}. */
    private final class OneKey implements MetadataClient {
        private boolean enabled = true;
        private int asked;

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId g, RequestId request, Command<R> command) {
            throw new AssertionError("nothing is changed");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId g, Query<R> query) {
            asked++;
            String accessKey = ((SystemQuery.GetAccessKey) query).accessKey();
            if (!accessKey.equals("A")) {
                return CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_ACCESS_KEY));
            }
            AccessKey key =
                    new AccessKey("A", AuthFixture.ACCOUNT.id(), sealer.seal("A", Secret.of("sesame")), "", enabled, 0);
            return CompletableFuture.completedFuture((R) new Reply.AccessKeyReply(key, AuthFixture.ACCOUNT));
        }
    }

    @Test
    void aKeyIsUnsealedAndRemembered() throws Exception {
        for (int i = 0; i < 10; i++) {
            Credential credential = credentials.find("A").orElseThrow();
            assertThat(credential.secret().is("sesame")).isTrue();
            assertThat(credential.account()).isEqualTo(AuthFixture.ACCOUNT);
        }
        assertThat(group.asked).isEqualTo(1);
    }

    @Test
    void anUnknownKeyIsRememberedToo() throws Exception {
        assertThat(credentials.find("B")).isEmpty();
        assertThat(credentials.find("B")).isEmpty();
        assertThat(group.asked).isEqualTo(1);
    }

    @Test
    void aDisabledKeyIsNoticedInLessThanTwoSeconds() throws Exception {
        assertThat(credentials.find("A").orElseThrow().enabled()).isTrue();
        group.enabled = false;
        now += ClusterCredentials.MAX_AGE_MILLIS;
        assertThat(credentials.find("A").orElseThrow().enabled()).isFalse();
        assertThat(ClusterCredentials.MAX_AGE_MILLIS).isLessThan(2000);
    }

    @Test
    void aClockThatWasSetBackDoesntKeepAKeyAlive() throws Exception {
        credentials.find("A");
        group.enabled = false;
        now -= 3_600_000;
        assertThat(credentials.find("A").orElseThrow().enabled()).isFalse();
    }

    @Test
    void strangersDontGrowTheMemoryWithoutBound() throws Exception {
        for (int i = 0; i <= ClusterCredentials.MAX_REMEMBERED; i++) {
            credentials.find("stranger" + i);
        }
        int asked = group.asked;
        credentials.find("stranger0");
        assertThat(group.asked).as("the first was forgotten").isEqualTo(asked + 1);
    }

    @Test
    void aSecretOfAnotherClusterIsAFaultAndNotAnUnknownKey() {
        ClusterCredentials foreign = credentials(sealer());
        assertThatThrownBy(() -> foreign.find("A"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("access key A");
    }
}
