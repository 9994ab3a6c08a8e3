package io.coffer.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UsableSpaceTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));

    private static DiskId id(int number) {
        return new DiskId(new UUID(2, number));
    }

    private static Disk disk(int number, Disk.State state, long total, long free) {
        return new Disk(id(number), NODE, "/disk" + number, state, total, free);
    }

    private static Volume volume(int number, String policy, String scheme, int... disks) {
        List<Member> members =
                IntStream.of(disks).mapToObj(disk -> new Member(NODE, id(disk))).toList();
        return new Volume(new VolumeId(number), 1, policy, ProtectionScheme.parse(scheme), Volume.State.OPEN, members);
    }

    @Test
    void everyDiskOfAPolicyCountsOnceAndOnlyForWhatItCanDo() {
        ClusterMap map = ClusterMap.of(
                1,
                List.of(),
                List.of(
                        disk(1, Disk.State.HEALTHY, 1000, 600),
                        disk(2, Disk.State.HEALTHY, 1000, 400),
                        disk(3, Disk.State.READ_ONLY, 1000, 500),
                        disk(4, Disk.State.FAILED, 1000, 900),
                        disk(5, Disk.State.HEALTHY, 7000, 7000)),
                List.of(
                        volume(1, "two", "replica-2", 1, 2),
                        volume(2, "two", "replica-2", 2, 3),
                        volume(3, "two", "replica-2", 3, 4),
                        volume(4, "coded", "ec-2+1", 1, 2, 5)));
        assertThat(UsableSpace.of(map, "two")).isEqualTo(new UsableSpace(1500, 500));
        assertThat(UsableSpace.of(map, "two").used()).isEqualTo(1000);
        assertThat(UsableSpace.of(map, "coded")).isEqualTo(new UsableSpace(6000, 5332));
        assertThat(UsableSpace.of(map, "none")).isEqualTo(new UsableSpace(0, 0));
    }
}
