package io.coffer.metaserver.query;

import io.coffer.common.cluster.ClusterMapDelta;

/** Hears of the cluster map as it is applied here. Called by the system group's applier, one call at a time: return at once. */
public interface MapListener {
    MapListener NONE = new MapListener() {
        @Override
        public void opened(long revision) {}

        @Override
        public void changed(ClusterMapDelta delta) {}
    };

    /** The state was opened, or replaced by a checkpoint that was received; its map has this revision. */
    void opened(long revision);

    /** The change was committed; it follows what was heard before. */
    void changed(ClusterMapDelta delta);
}
