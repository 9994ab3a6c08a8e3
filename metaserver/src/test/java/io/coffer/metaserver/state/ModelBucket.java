package io.coffer.metaserver.state;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** What a bucket should be, as simply as it can be said: a sorted map of lists of versions, newest first. */
@NullMarked
final class ModelBucket {
    final TreeMap<String, List<Version>> keys = new TreeMap<>(KeyOrder::compare);
    final Map<UploadId, Upload> uploads = new HashMap<>();
    final Map<UploadId, Completed> completed = new HashMap<>();

    /** A run of an extent, or of text. */
    record Piece(@Nullable ExtentId extent, long offset, long length, String text) {
        static Piece of(ExtentSlice slice) {
            return new Piece(slice.extent(), slice.offset(), slice.length(), "");
        }

        static Piece of(String text) {
            return new Piece(null, 0, text.length(), text);
        }
    }

    record Version(
            long sequence, boolean nullVersion, boolean marker, String etag, List<Piece> content, List<Integer> parts) {
        long size() {
            return length(content);
        }
    }

    record Upload(String key, TreeMap<Integer, Part> parts) {}

    record Part(String etag, List<Piece> content) {}

    record Completed(String key, Version version) {}

    static long length(List<Piece> content) {
        return content.stream().mapToLong(Piece::length).sum();
    }

    List<Version> versions(String key) {
        return keys.getOrDefault(key, List.of());
    }

    @Nullable
    Version current(String key) {
        List<Version> versions = versions(key);
        return versions.isEmpty() || versions.getFirst().marker() ? null : versions.getFirst();
    }

    @Nullable
    Version find(String key, VersionSelector selector) {
        for (Version version : versions(key)) {
            boolean found = switch (selector) {
                case VersionSelector.Latest() -> true;
                case VersionSelector.Null() -> version.nullVersion();
                case VersionSelector.Exact(var id) -> id.sequence() == version.sequence();
            };
            if (found) {
                return version;
            }
        }
        return null;
    }

    static void check(WriteCondition condition, @Nullable Version version) throws RefusedException {
        if (!condition.ifMatch().isEmpty()) {
            if (version == null) {
                throw new RefusedException(Refusal.NO_SUCH_KEY);
            }
            boolean matches = condition.ifMatch().contains("*")
                    || !version.marker() && condition.ifMatch().contains(version.etag());
            if (!matches) {
                throw new RefusedException(Refusal.PRECONDITION_FAILED);
            }
        }
        if (version != null
                && (condition.ifNoneMatch().contains("*")
                        || condition.ifNoneMatch().contains(version.etag()))) {
            throw new RefusedException(Refusal.PRECONDITION_FAILED);
        }
    }

    void add(String key, Version version) {
        List<Version> versions = keys.computeIfAbsent(key, any -> new ArrayList<>());
        if (version.nullVersion()) {
            versions.removeIf(Version::nullVersion);
        }
        versions.addFirst(version);
    }

    void remove(String key, Version version) {
        List<Version> versions = keys.get(key);
        if (versions != null) {
            versions.remove(version);
            if (versions.isEmpty()) {
                keys.remove(key);
            }
        }
    }

    /** Whether deleting the key takes the object away, instead of putting a delete marker. */
    boolean deletesPlainly(String key, Versioning versioning) {
        List<Version> versions = versions(key);
        return versioning == Versioning.UNVERSIONED
                && (versions.isEmpty()
                        || versions.size() == 1
                                && versions.getFirst().nullVersion()
                                && !versions.getFirst().marker());
    }

    long objects() {
        return keys.keySet().stream().filter(key -> current(key) != null).count();
    }

    long count(boolean markers) {
        return keys.values().stream()
                .flatMap(List::stream)
                .filter(version -> version.marker() == markers)
                .count();
    }

    long bytes() {
        long versions = keys.values().stream()
                .flatMap(List::stream)
                .mapToLong(Version::size)
                .sum();
        return versions
                + uploads.values().stream()
                        .flatMap(upload -> upload.parts().values().stream())
                        .mapToLong(part -> length(part.content()))
                        .sum();
    }

    /** All pieces that versions and uploads consist of. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        keys.values().forEach(versions -> versions.forEach(version -> pieces.addAll(version.content())));
        uploads.values().forEach(upload -> upload.parts().values().forEach(part -> pieces.addAll(part.content())));
        return pieces;
    }

    // Content

    static List<Piece> slice(List<Piece> content, long offset, long length) {
        List<Piece> result = new ArrayList<>();
        long skip = offset;
        long take = length;
        for (Piece piece : content) {
            long from = Math.min(skip, piece.length());
            long taken = Math.min(take, piece.length() - from);
            skip -= from;
            take -= taken;
            if (taken > 0) {
                result.add(
                        piece.extent() == null
                                ? Piece.of(piece.text().substring((int) from, (int) (from + taken)))
                                : new Piece(piece.extent(), piece.offset() + from, taken, ""));
            }
        }
        return result;
    }

    /** The same bytes in as few pieces as they can be told in. */
    static List<Piece> normalized(List<Piece> content) {
        List<Piece> result = new ArrayList<>();
        for (Piece piece : content) {
            Piece last = result.isEmpty() ? null : result.getLast();
            if (piece.length() == 0) {
                continue;
            }
            if (last != null && last.extent() == null && piece.extent() == null) {
                result.set(result.size() - 1, Piece.of(last.text() + piece.text()));
            } else if (last != null
                    && last.extent() != null
                    && Objects.equals(last.extent(), piece.extent())
                    && last.offset() + last.length() == piece.offset()) {
                result.set(
                        result.size() - 1, new Piece(last.extent(), last.offset(), last.length() + piece.length(), ""));
            } else {
                result.add(piece);
            }
        }
        return result;
    }

    static List<Piece> pieces(List<DataRun> runs) {
        List<Piece> pieces = new ArrayList<>();
        for (DataRun run : runs) {
            pieces.add(
                    switch (run) {
                        case DataRun.ExtentRun(ExtentSlice slice) -> Piece.of(slice);
                        case DataRun.InlineRun inline ->
                            Piece.of(StandardCharsets.US_ASCII
                                    .decode(inline.bytes().duplicate())
                                    .toString());
                    });
        }
        return normalized(pieces);
    }
}
