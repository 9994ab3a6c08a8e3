package io.coffer.common.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Volumes that are exposed alike.
 *
 * @param spare members that may be lost on top before something can't be read; negative when something can't be read now
 * @param missing slots whose chunks can't all be read now
 */
public record Exposure(int spare, int missing, int volumes) {
    private static final Comparator<Exposure> MOST_EXPOSED_FIRST =
            Comparator.comparingInt(Exposure::spare).thenComparing(Exposure::missing, Comparator.reverseOrder());

    /** All volumes of a map by how exposed they are, the most exposed first. */
    public static List<Exposure> of(ClusterMap map) {
        Map<Exposure, Integer> counts = new TreeMap<>(MOST_EXPOSED_FIRST);
        for (Volume volume : map.volumes().values()) {
            counts.merge(of(map, volume), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> new Exposure(entry.getKey().spare, entry.getKey().missing, entry.getValue()))
                .toList();
    }

    /** Of one volume. */
    public static Exposure of(ClusterMap map, Volume volume) {
        int whole = RepairStatus.wholeSlots(map, volume);
        return new Exposure(
                whole - RepairStatus.readable(volume.scheme()), volume.scheme().width() - whole, 1);
    }
}
