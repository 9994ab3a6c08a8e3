package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.UploadId;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.ContentReader;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.NullMarked;

/** What holds between the rows of a bucket group after every command. */
@NullMarked
final class RowInvariants {
    private final Reader reader;
    private final Map<ExtentId, Long> extentUses = new HashMap<>();
    private final Map<Long, Long> inlineUses = new HashMap<>();
    private final Map<UploadId, Long> assemblyUses = new HashMap<>();
    private final Map<Content.Chain, Long> chainUses = new HashMap<>();
    private final Set<ReleaseTask> queued = new HashSet<>();

    private RowInvariants(Reader reader) {
        this.reader = reader;
    }

    static void check(Reader reader, BucketId bucket) {
        RowInvariants rows = new RowInvariants(reader);
        rows.each(Tables.DUE_RELEASES, new byte[] {2}, (key, any) -> rows.queued.add(Keys.releaseTask(key)));
        rows.checkVersions(bucket);
        rows.checkParts();
        rows.checkPieces();
        rows.checkUses();
        rows.each(
                Tables.CLIENT_TOKENS,
                (row, token) -> assertThat(rows.queued)
                        .contains(new ReleaseTask.ClientTokenRow(Keys.numberOf(row), Keys.pieceEnd(row))));
        rows.checkHead(Tables.DUE_RELEASES, new byte[] {2}, Tables.RELEASES_HEAD);
        rows.checkHead(Tables.DUE_EXTENTS, new byte[] {1}, Tables.EXTENTS_HEAD);
    }

    private <V> void each(Table<V> table, byte[] prefix, BiConsumer<byte[], V> action) {
        try (Rows<V> rows = reader.scanPrefix(table, prefix)) {
            for (; rows.valid(); rows.next()) {
                action.accept(rows.key(), rows.value());
            }
        }
    }

    private <V> void each(Table<V> table, BiConsumer<byte[], V> action) {
        each(table, new byte[0], action);
    }

    private void checkVersions(BucketId bucket) {
        List<byte[]> keys = new ArrayList<>();
        Map<String, Long> nulls = new HashMap<>();
        Map<String, Long> markers = new HashMap<>();
        each(Tables.OBJECTS, (row, version) -> {
            assertThat(version.deleteMarker()).isFalse();
            use(version.content());
        });
        each(Tables.VERSIONS, (row, version) -> {
            assertThat(Keys.versionSequence(row)).isEqualTo(version.sequence());
            use(version.content());
            byte[] key = Keys.escapedKey(row);
            StoredVersion current = reader.get(Tables.OBJECTS, Keys.object(bucket, key));
            if (keys.isEmpty() || !Arrays.equals(keys.getLast(), key)) {
                keys.add(key);
                assertThat(current != null || version.deleteMarker())
                        .as("the newest version of a key is current, or a delete marker")
                        .isTrue();
                if (current == null) {
                    markers.put(Arrays.toString(Keys.object(bucket, key)), version.sequence());
                }
            }
            if (current != null) {
                assertThat(current.sequence()).isGreaterThan(version.sequence());
                assertThat(current.nullVersion() && version.nullVersion()).isFalse();
            }
            if (version.nullVersion()) {
                assertThat(nulls.put(Arrays.toString(Keys.object(bucket, key)), version.sequence()))
                        .isNull();
            }
        });
        Map<String, Long> pointers = new HashMap<>();
        each(Tables.NULL_VERSIONS, (row, sequence) -> pointers.put(Arrays.toString(row), sequence));
        assertThat(pointers).isEqualTo(nulls);
        pointers.clear();
        each(Tables.MARKERS, (row, sequence) -> pointers.put(Arrays.toString(row), sequence));
        assertThat(pointers).isEqualTo(markers);
        each(Tables.RETIRED, (row, retired) -> {
            use(retired.content());
            assertThat(queued).contains(new ReleaseTask.RetiredContent(Keys.numberOf(row)));
        });
    }

    private void checkParts() {
        Set<UploadId> uploads = new HashSet<>();
        each(Tables.UPLOADS, (row, upload) -> uploads.add(Keys.uploadId(row)));
        each(Tables.PARTS, (row, part) -> {
            use(part.content());
            UploadId upload = Keys.partOf(row);
            assertThat(uploads.contains(upload)
                            || reader.get(Tables.ASSEMBLIES, Keys.assembly(upload)) != null
                            || queued.contains(new ReleaseTask.UploadParts(upload)))
                    .as("a part belongs to something")
                    .isTrue();
        });
    }

    private void checkPieces() {
        Map<Content.Chain, Long> counted = new HashMap<>();
        List<byte[]> keys = new ArrayList<>();
        List<StoredPiece> pieces = new ArrayList<>();
        each(Tables.PIECES, (row, piece) -> {
            keys.add(row);
            pieces.add(piece);
        });
        for (int i = 0; i < keys.size(); i++) {
            long chain = Keys.numberOf(keys.get(i));
            long end = Keys.pieceEnd(keys.get(i));
            StoredPiece piece = pieces.get(i);
            boolean first = i == 0 || Keys.numberOf(keys.get(i - 1)) != chain;
            boolean last = i + 1 == keys.size() || Keys.numberOf(keys.get(i + 1)) != chain;
            assertThat(piece.offset()).isEqualTo(first ? 0 : Keys.pieceEnd(keys.get(i - 1)));
            assertThat(ContentReader.length(reader, piece.content())).isEqualTo(end - piece.offset());
            use(piece.content());
            if (piece.references() > 0) {
                counted.put(new Content.Chain(chain, end, 1), piece.references());
            } else {
                assertThat(!last || queued.contains(new ReleaseTask.ChainEnd(chain, end)))
                        .as("the last piece is used, or about to be released")
                        .isTrue();
            }
        }
        assertThat(counted).isEqualTo(chainUses);
    }

    private void use(Content content) {
        switch (content) {
            case Content.Assembly(UploadId upload) -> assemblyUses.merge(upload, 1L, Long::sum);
            case Content.Chain(long id, long length, int parts) ->
                chainUses.merge(new Content.Chain(id, length, 1), 1L, Long::sum);
            case Content.Runs(List<StoredRun> runs) -> {
                for (StoredRun run : runs) {
                    switch (run) {
                        case StoredRun.InExtent extent ->
                            extentUses.merge(extent.slice().extent(), 1L, Long::sum);
                        case StoredRun.InlineRow row -> inlineUses.merge(row.id(), 1L, Long::sum);
                    }
                }
            }
        }
    }

    private <V> void checkHead(Table<V> queue, byte[] part, byte[] headRow) {
        Long head = reader.get(Tables.NUMBERS, headRow);
        each(
                queue,
                part,
                (row, value) -> assertThat(Keys.dueMillis(row)).isGreaterThanOrEqualTo(head == null ? 0 : head));
    }

    private void checkUses() {
        Map<ExtentId, Long> counted = new HashMap<>();
        Set<ExtentId> due = new HashSet<>();
        each(Tables.DUE_EXTENTS, new byte[] {1}, (row, slice) -> due.add(slice.extent()));
        each(Tables.EXTENTS, (row, extent) -> {
            ExtentId id = Keys.extentId(row);
            if (extent.references() > 0) {
                counted.put(id, extent.references());
            }
            assertThat(due.contains(id)).isEqualTo(extent.references() == 0);
        });
        assertThat(counted).isEqualTo(extentUses);
        for (ExtentId id : due) {
            StoredExtent extent = reader.get(Tables.EXTENTS, Keys.extent(id));
            assertThat(extent).isNotNull();
        }
        Map<UploadId, Long> assemblies = new HashMap<>();
        each(Tables.ASSEMBLIES, (row, assembly) -> {
            UploadId upload = Keys.uploadId(row);
            if (assembly.references() > 0) {
                assemblies.put(upload, assembly.references());
            } else {
                assertThat(queued).contains(new ReleaseTask.AssemblyParts(upload));
            }
        });
        assertThat(assemblies).isEqualTo(assemblyUses);
        Map<Long, Long> inline = new HashMap<>();
        each(Tables.INLINE, (row, bytes) -> inline.put(Keys.numberOf(row), 1L));
        assertThat(inline).isEqualTo(inlineUses);
    }
}
