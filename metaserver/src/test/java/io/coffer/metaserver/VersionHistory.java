package io.coffer.metaserver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What clients did to one key, and the judgement whether it is linearizable. Every write has an ETag of its own, and the group
 * numbers the versions; the history is linearizable if and only if the order of versions contradicts neither real time nor the
 * conditions. Not thread-safe.
 */
final class VersionHistory {
    /** Time of an operation whose outcome its client never learnt. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * @param expected the ETag that If-Match named; {@code "-"} for If-None-Match {@code *}; null for no condition
     * @param version of the group; -1 if unknown
     */
    private record Write(String etag, String expected, long began, long ended, long version) {}

    private record Read(String etag, long version, long began, long ended) {}

    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();

    void wrote(String etag, String expected, long began, long ended, long version) {
        writes.add(new Write(etag, expected, began, ended, version));
    }

    /** @param etag empty, with version 0, for an object that was not there */
    void read(String etag, long version, long began, long ended) {
        reads.add(new Read(etag, version, began, ended));
    }

    int operations() {
        return writes.size() + reads.size();
    }

    /** Null if the history is linearizable; what contradicts it otherwise. */
    String contradiction() {
        Map<String, Write> byEtag = new HashMap<>();
        writes.forEach(write -> byEtag.put(write.etag(), write));
        Map<Long, String> etagOf = new HashMap<>();
        etagOf.put(0L, "");
        for (Write write : writes) {
            if (write.version() >= 0 && etagOf.put(write.version(), write.etag()) != null) {
                return "two writes made version " + write.version();
            }
        }
        // Writes of unknown outcome count once somebody has read them.
        List<long[]> spans = new ArrayList<>(); // version, began, ended
        for (Read read : reads) {
            if (read.version() > 0 && !byEtag.containsKey(read.etag())) {
                return "read " + read.etag() + ", which nobody wrote";
            }
            String known = etagOf.putIfAbsent(read.version(), read.etag());
            if (known != null && !known.equals(read.etag())) {
                return "version " + read.version() + " is " + known + " and " + read.etag();
            }
            spans.add(new long[] {read.version(), read.began(), read.ended(), 0});
        }
        Map<String, Long> versionOf = new HashMap<>();
        etagOf.forEach((version, etag) -> versionOf.put(etag, version));
        for (Write write : writes) {
            Long version = versionOf.get(write.etag());
            if (version != null) {
                spans.add(new long[] {version, write.began(), write.ended(), 1});
            }
        }
        String order = orderContradiction(spans);
        return order != null ? order : conditionContradiction(etagOf, byEtag);
    }

    /** Of two operations, one of which ended before the other began, the later one has the later version. */
    private static String orderContradiction(List<long[]> spans) {
        for (long[] early : spans) {
            for (long[] late : spans) {
                boolean wrong = late[3] == 1 ? early[0] >= late[0] : early[0] > late[0];
                if (early != late && early[2] < late[1] && wrong) {
                    return "version " + early[0] + " at " + early[1] + ".." + early[2] + " before version " + late[0]
                            + " at " + late[1] + ".." + late[2];
                }
            }
        }
        return null;
    }

    /** Each conditional write's predecessor is what it asked for. */
    private static String conditionContradiction(Map<Long, String> etagOf, Map<String, Write> byEtag) {
        List<Long> versions = new ArrayList<>(etagOf.keySet());
        versions.sort(Comparator.naturalOrder());
        for (int i = 1; i < versions.size(); i++) {
            Write write = byEtag.get(etagOf.get(versions.get(i)));
            String before = etagOf.get(versions.get(i - 1));
            if (write.expected() != null && !write.expected().equals(before.isEmpty() ? "-" : before)) {
                return write.etag() + " replaced " + before + " although it expected " + write.expected();
            }
        }
        return null;
    }
}
