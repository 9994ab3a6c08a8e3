package io.coffer.metaserver.query;

import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.Versioning;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** What listings show, by the rules of S3, from plain sorted collections. */
@NullMarked
final class ListingModel {
    private final TreeMap<String, List<Version>> versions = new TreeMap<>(KeyOrder::compare);
    private final TreeMap<String, TreeSet<UploadId>> uploads = new TreeMap<>(KeyOrder::compare);

    /** One of a key's versions; newest first. */
    record Version(VersionId id, boolean isNull, boolean marker) {}

    /** A line of a listing: {@code rank} orders the lines of one key. */
    record Line(String key, String rank, String text) {}

    /**
     * What is asked.
     *
     * @param start of the partition
     * @param end of the partition; empty for none
     * @param afterRank with {@code after}: continue behind this line of that key
     */
    record Ask(
            String start,
            String end,
            String prefix,
            String delimiter,
            String after,
            @Nullable String afterRank,
            int limit) {}

    record Page(List<String> entries, boolean truncated) {}

    void put(String key, VersionId id, Versioning versioning) {
        add(key, id, versioning, false);
    }

    private void add(String key, VersionId id, Versioning versioning, boolean marker) {
        List<Version> list = versions.computeIfAbsent(key, any -> new ArrayList<>());
        boolean isNull = versioning != Versioning.ENABLED;
        if (isNull) {
            list.removeIf(Version::isNull);
        }
        list.addFirst(new Version(id, isNull, marker));
    }

    /** @param marker the delete marker that the rules made; null when they made none */
    void delete(String key, Versioning versioning, @Nullable VersionId marker) {
        if (marker == null) {
            versions.remove(key);
        } else {
            add(key, marker, versioning, true);
        }
    }

    void deleteVersion(String key, VersionId id) {
        List<Version> list = versions(key);
        list.removeIf(version -> version.id().equals(id));
        if (list.isEmpty()) {
            versions.remove(key);
        }
    }

    List<Version> versions(String key) {
        return versions.getOrDefault(key, List.of());
    }

    void addUpload(String key, UploadId id) {
        uploads.computeIfAbsent(key, any -> new TreeSet<>()).add(id);
    }

    void removeUpload(String key, UploadId id) {
        uploads(key).remove(id);
    }

    TreeSet<UploadId> uploads(String key) {
        return uploads.getOrDefault(key, new TreeSet<>());
    }

    List<Line> objectLines() {
        List<Line> lines = new ArrayList<>();
        versions.forEach((key, list) -> {
            if (!list.isEmpty() && !list.getFirst().marker()) {
                lines.add(line(key, list.getFirst(), true));
            }
        });
        return lines;
    }

    List<Line> versionLines() {
        List<Line> lines = new ArrayList<>();
        versions.forEach((key, list) -> {
            for (int i = 0; i < list.size(); i++) {
                lines.add(line(key, list.get(i), i == 0));
            }
        });
        return lines;
    }

    private static Line line(String key, Version version, boolean latest) {
        return new Line(key, rank(version.id()), text(key, version.id(), version.isNull(), version.marker(), latest));
    }

    static String text(String key, VersionId id, boolean isNull, boolean marker, boolean latest) {
        return visible(key) + " " + id + (isNull ? " null" : "") + (marker ? " marker" : "")
                + (latest ? " latest" : "");
    }

    static String text(String key, UploadId id) {
        return visible(key) + " " + id;
    }

    /** For people. */
    static String visible(String key) {
        return key.replace("\0", "<0>").replace("\u0001", "<1>");
    }

    /** The newest first. */
    static String rank(VersionId id) {
        return "%020d".formatted(Long.MAX_VALUE - id.sequence());
    }

    /** Of the version that has, or had, this rank. */
    static VersionId versionOf(String rank) {
        return new VersionId(Long.MAX_VALUE - Long.parseLong(rank));
    }

    List<Line> uploadLines() {
        List<Line> lines = new ArrayList<>();
        uploads.forEach((key, ids) -> ids.forEach(id -> lines.add(new Line(key, id.toString(), text(key, id)))));
        return lines;
    }

    static Page page(List<Line> lines, Ask ask) {
        List<String> entries = new ArrayList<>();
        String common = null;
        for (Line line : lines) {
            if (!isListed(line, ask)) {
                continue;
            }
            String prefix = commonPrefix(line.key(), ask);
            if (prefix != null && prefix.equals(common)) {
                continue;
            }
            if (entries.size() == ask.limit()) {
                return new Page(entries, ask.limit() > 0);
            }
            common = prefix;
            entries.add(prefix == null ? line.text() : visible(prefix));
        }
        return new Page(entries, false);
    }

    private static boolean isListed(Line line, Ask ask) {
        String key = line.key();
        return KeyOrder.compare(key, ask.start()) >= 0
                && (ask.end().isEmpty() || KeyOrder.compare(key, ask.end()) < 0)
                && key.startsWith(ask.prefix())
                && (ask.after().isEmpty() || isBehind(line, ask));
    }

    private static boolean isBehind(Line line, Ask ask) {
        String after = ask.after();
        int order = KeyOrder.compare(line.key(), after);
        boolean wholePrefix = after.startsWith(ask.prefix()) && after.equals(commonPrefix(after, ask));
        if (order > 0) {
            return !wholePrefix || !line.key().startsWith(after);
        }
        return order == 0
                && ask.afterRank() != null
                && commonPrefix(after, ask) == null
                && line.rank().compareTo(ask.afterRank()) > 0;
    }

    private static @Nullable String commonPrefix(String key, Ask ask) {
        int at = ask.delimiter().isEmpty() || !key.startsWith(ask.prefix())
                ? -1
                : key.indexOf(ask.delimiter(), ask.prefix().length());
        return at < 0 ? null : key.substring(0, at + ask.delimiter().length());
    }
}
