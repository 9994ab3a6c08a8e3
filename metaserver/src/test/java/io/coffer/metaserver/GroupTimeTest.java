package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;
import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers over the network know of the groups' time. */
final class GroupTimeTest {
    private static final Duration BEHIND = Duration.ofHours(1);

    @TempDir
    private Path directory;

    @Test
    void everyAnswerTellsTheTimeOfTheGroupsSoThatAClockThatIsBehindStopsNothing() throws Exception {
        try (MetaCluster cluster = new MetaCluster(directory, 1)) {
            cluster.start(0);
            cluster.awaitMembers(2, 0);
            long made;
            try (RemoteMetadataClient client = cluster.client()) {
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                Reply.PutReply reply = MetaCluster.tell(client, GROUP, put("k", "first", WriteCondition.NONE));
                made = reply.modifiedMillis();
                assertThat(client.birthMillis(0)).isGreaterThanOrEqualTo(made);
                long ahead = made + BEHIND.toMillis();
                assertThat(client.birthMillis(ahead)).isEqualTo(ahead);
            }
            try (RemoteMetadataClient behind = cluster.client()) {
                long now = made - BEHIND.toMillis();
                assertThat(behind.birthMillis(now)).as("before any answer").isEqualTo(now);
                assertThatThrownBy(() -> putAt(behind, now))
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                refused -> assertThat(refused.refusal()).isEqualTo(Refusal.REQUEST_TOO_OLD));
                assertThat(putAt(behind, behind.birthMillis(now)).modifiedMillis())
                        .isGreaterThanOrEqualTo(made);
            }
        }
    }

    private static Reply.PutReply putAt(RemoteMetadataClient client, long bornMillis) throws RefusedException {
        RequestId request = RequestId.create(bornMillis, new Random());
        return MetaCluster.call(() -> client.submit(GROUP, request, put("k", "second", WriteCondition.NONE)));
    }
}
