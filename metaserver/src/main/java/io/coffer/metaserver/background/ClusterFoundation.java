package io.coffer.metaserver.background;

import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.SetGroup;
import io.coffer.common.time.WallClock;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the first metaserver of a cluster does once: names the cluster, makes the root account, and puts itself on the map. */
public final class ClusterFoundation {
    private final Calls calls;
    private final RandomGenerator random;

    public ClusterFoundation(MetadataClient client, WallClock clock, RandomGenerator random) {
        this.calls = new Calls(client, clock, random);
        this.random = random;
    }

    /** Can be interrupted and run again. */
    public Account run(ClusterId cluster, Node self)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        calls.tell(GroupId.SYSTEM, new InitializeCluster(cluster));
        Account root = new RootAccount(calls, random).find();
        calls.tell(GroupId.SYSTEM, new RegisterNode(self));
        if (!calls.map().groups().containsKey(GroupId.SYSTEM)) {
            calls.tell(GroupId.SYSTEM, new SetGroup(new MetadataGroup(GroupId.SYSTEM, List.of(self.id()))));
        }
        return root;
    }
}
