package io.coffer.metaserver.background;

import io.coffer.common.id.GroupId;
import java.util.List;

/** The groups as background work sees them. Thread-safe. */
public interface Groups {
    /** Whether this process leads the group, and so does its background work. */
    boolean leads(GroupId group);

    /** The bucket groups that this process has a member of. */
    List<GroupId> local();

    /** Every bucket group of the cluster, in ascending order. */
    List<GroupId> all();
}
