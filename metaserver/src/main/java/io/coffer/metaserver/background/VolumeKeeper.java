package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.CreateVolume;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the volumes that are missing, as nodes and disks come: for each policy in use, some per step. */
final class VolumeKeeper implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeKeeper.class);

    private final Calls calls;
    private final Groups groups;
    private final Supplier<List<String>> policies;

    VolumeKeeper(Calls calls, Groups groups, Supplier<List<String>> policies) {
        this.calls = calls;
        this.groups = groups;
        this.policies = policies;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            return Progress.DONE;
        }
        Progress progress = Progress.DONE;
        for (String policy : policies.get()) {
            ClusterMap map = calls.map();
            List<Volume> missing =
                    VolumePlan.missing(map, policy, ProtectionScheme.parse(policy), Limits.VOLUMES_PER_STEP);
            for (Volume volume : missing) {
                calls.tell(GroupId.SYSTEM, new CreateVolume(volume));
            }
            if (!missing.isEmpty()) {
                LOG.info("made {} volumes of policy {}", missing.size(), policy);
                progress = Progress.MORE;
            }
        }
        return progress;
    }
}
