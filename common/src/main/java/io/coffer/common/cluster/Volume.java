package io.coffer.common.cluster;

import io.coffer.common.id.VolumeId;
import java.util.List;

/**
 * A placement group.
 *
 * @param policy the protection policy it was made for; a policy's volumes all have its scheme
 * @param epoch rises with every change of members or state; every chunk write carries it, so that a stale map is noticed
 * @param members ordered; a member's position is the index of the chunks it stores
 */
public record Volume(
        VolumeId id, long epoch, String policy, ProtectionScheme scheme, State state, List<Member> members) {
    /** Whether new extents may go into the volume. */
    public enum State {
        OPEN,
        READ_ONLY
    }

    public Volume {
        members = List.copyOf(members);
        if (epoch <= 0) {
            throw new IllegalArgumentException("epoch must be positive: " + epoch);
        }
        if (members.size() != scheme.width()) {
            throw new IllegalArgumentException(scheme + " wants " + scheme.width() + " members, not " + members.size());
        }
    }
}
