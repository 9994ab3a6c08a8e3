package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;
import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.SystemCommand.SetGroup;
import io.coffer.common.metadata.SystemQuery.GetClusterMap;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetaClusterTest {
    @TempDir
    Path directory;

    @Test
    void aClusterGrowsFromOneToThreeToFiveAndShrinksAgain() throws Exception {
        try (MetaCluster cluster = new MetaCluster(directory, 2)) {
            cluster.start(0);
            cluster.awaitMembers(3, 0);
            try (RemoteMetadataClient client = cluster.client()) {
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                for (int i = 0; i < 100; i++) {
                    MetaCluster.tell(client, GROUP, put("key-" + i, "etag-" + i, WriteCondition.NONE));
                }
                cluster.start(1);
                cluster.start(2);
                cluster.awaitMembers(3, 0, 1, 2);
                cluster.start(3);
                cluster.start(4);
                await().atMost(Servers.PATIENCE)
                        .until(() -> client.watch().current().nodes().size() == 5);
                setMembers(client, cluster, 0, 1, 2, 3, 4);
                cluster.awaitMembers(3, 0, 1, 2, 3, 4);
                setMembers(client, cluster, 2, 3, 4);
                cluster.awaitMembers(3, 2, 3, 4);
                // Who was let go has nothing left.
                await().atMost(Servers.PATIENCE)
                        .until(() -> cluster.server(0).members().isEmpty()
                                && cluster.server(1).members().isEmpty());
                cluster.stop(0);
                cluster.stop(1);
                for (int i = 0; i < 100; i += 9) {
                    assertThat(MetaCluster.ask(client, GROUP, Servers.get("key-" + i))
                                    .version()
                                    .etag())
                            .isEqualTo("etag-" + i);
                }
                // The first in each list leads.
                await().atMost(Servers.PATIENCE).until(() -> cluster.leader(GroupId.SYSTEM) == 2);
            }
        }
    }

    private static void setMembers(RemoteMetadataClient client, MetaCluster cluster, int... numbers) throws Exception {
        List<NodeId> members = new ArrayList<>();
        for (int number : numbers) {
            members.add(cluster.node(number));
        }
        ClusterMap map =
                MetaCluster.ask(client, GroupId.SYSTEM, new GetClusterMap()).map();
        for (GroupId group : map.groups().keySet()) {
            MetaCluster.tell(client, GroupId.SYSTEM, new SetGroup(new MetadataGroup(group, members)));
        }
    }

    @Test
    void aReplacedMemberWithAnEmptyDiskReceivesEverything() throws Exception {
        try (MetaCluster cluster = new MetaCluster(directory, 1)) {
            for (int i = 0; i < 3; i++) {
                cluster.start(i);
            }
            cluster.awaitMembers(2, 0, 1, 2);
            try (RemoteMetadataClient client = cluster.client()) {
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                for (int i = 0; i < 300; i++) {
                    MetaCluster.tell(client, GROUP, put("key-" + i, "etag-" + i, WriteCondition.NONE));
                }
                for (int i = 0; i < 3; i++) {
                    cluster.server(i).checkpoint();
                }
                cluster.stop(1);
                cluster.start(3);
                await().atMost(Servers.PATIENCE)
                        .until(() -> client.watch().current().nodes().size() == 4);
                setMembers(client, cluster, 0, 2, 3);
                cluster.awaitMembers(2, 0, 2, 3);
                cluster.stop(0);
                for (int i = 0; i < 300; i += 17) {
                    assertThat(MetaCluster.ask(client, GROUP, Servers.get("key-" + i))
                                    .version()
                                    .etag())
                            .isEqualTo("etag-" + i);
                }
                MetaCluster.tell(client, GROUP, put("after", "that", WriteCondition.NONE));
            }
        }
    }

    @Test
    void aServerThatLostItsDiskDoesNotVoteUntilTheOthersHaveFilledIt() throws Exception {
        try (MetaCluster cluster = new MetaCluster(directory, 1)) {
            for (int i = 0; i < 3; i++) {
                cluster.start(i);
            }
            cluster.awaitMembers(2, 0, 1, 2);
            try (RemoteMetadataClient client = cluster.client()) {
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                for (int i = 0; i < 50; i++) {
                    MetaCluster.tell(client, GROUP, put("key-" + i, "etag-" + i, WriteCondition.NONE));
                }
                cluster.stop(1);
                cluster.start(1, directory.resolve("new-disk"));
                // It is a member by its id, and must not vote as who it was.
                assertThat(cluster.server(1).members()).isEmpty();
                cluster.awaitMembers(2, 0, 1, 2);
                cluster.stop(0);
                for (int i = 0; i < 50; i += 7) {
                    assertThat(MetaCluster.ask(client, GROUP, Servers.get("key-" + i))
                                    .version()
                                    .etag())
                            .isEqualTo("etag-" + i);
                }
                MetaCluster.tell(client, GROUP, put("after", "that", WriteCondition.NONE));
            }
        }
    }

    @Test
    void aServerThatStopsIsDownAndComesBack() throws Exception {
        try (MetaCluster cluster = new MetaCluster(directory, 1)) {
            for (int i = 0; i < 3; i++) {
                cluster.start(i);
            }
            cluster.awaitMembers(2, 0, 1, 2);
            try (RemoteMetadataClient client = cluster.client()) {
                cluster.stop(2);
                awaitState(client, cluster.node(2), Node.State.DOWN);
                cluster.start(2);
                awaitState(client, cluster.node(2), Node.State.UP);
                cluster.awaitMembers(2, 0, 1, 2);
            }
        }
    }

    private static void awaitState(RemoteMetadataClient client, NodeId node, Node.State state) {
        await().atMost(Servers.PATIENCE).until(() -> {
            Node known = client.watch().current().nodes().get(node);
            return known != null && known.state() == state;
        });
    }
}
