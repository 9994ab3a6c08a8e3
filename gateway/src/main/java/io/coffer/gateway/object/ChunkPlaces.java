package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.Member;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.MemberHealth;

/**
 * What readers and writers of chunks stand on.
 *
 * @param location of this gateway, {@code site/rack/host}; empty when all nodes are as near
 */
public record ChunkPlaces(
        ClusterMapCache maps, ChunkStores stores, MemberHealth health, RepairRequests repairs, String location) {
    ChunkStore store(Member.Place place) throws ChunkException {
        return stores.of(place.node())
                .orElseThrow(() -> new ChunkException(ChunkError.UNAVAILABLE, "unknown node " + place.node()));
    }
}
