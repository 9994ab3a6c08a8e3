package io.coffer.metaserver.query;

import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.FindSeals;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedContent;
import io.coffer.common.metadata.SealedRow;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredFence;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.store.Family;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.View;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks for seals of earlier versions of a key, row by row as the rows lie: each lies where it is until a command moves it. */
final class SealQueries {
    private final FindSeals query;
    private final List<SealedRow> rows = new ArrayList<>();
    private final List<SealedContent> contents = new ArrayList<>();
    private int seals;
    private int scanned;
    private ByteBuffer last = ByteBuffer.allocate(0);

    private SealQueries(FindSeals query) {
        this.query = query;
    }

    /** @param estimate of all rows that may have seals */
    static Reply find(Reader reader, FindSeals q, long estimate) throws RefusedException {
        if (q.limit() < 1 || q.limit() > BucketQuery.MAX_PAGE || q.below() < 1) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, q.limit() + " rows below version " + q.below());
        }
        SealQueries page = new SealQueries(q);
        switch (q.table()) {
            case OBJECTS ->
                page.scan(
                        reader,
                        Tables.OBJECTS,
                        (row, version) -> page.add(
                                row, version.content(), version.attributes().encryption()));
            case VERSIONS ->
                page.scan(
                        reader,
                        Tables.VERSIONS,
                        (row, version) -> page.add(
                                row, version.content(), version.attributes().encryption()));
            case UPLOADS ->
                page.scan(
                        reader,
                        Tables.UPLOADS,
                        (row, upload) -> page.add(
                                new Content.Assembly(Keys.uploadId(row)),
                                upload.attributes().encryption()));
            case PARTS -> page.scan(reader, Tables.PARTS, (row, part) -> page.add(row, part.content(), null));
            case PIECES -> page.scan(reader, Tables.PIECES, page::add);
        }
        StoredFence fence = reader.get(Tables.SEAL_FENCES, Keys.sealFence(q.key()));
        return new Reply.SealsPage(
                page.rows, page.contents, page.scanned, page.last, fence == null ? 0 : fence.moved(), estimate);
    }

    /** About how many rows {@link FindSeals} goes over in all. */
    static long estimate(GroupStore store) {
        return store.estimatedRows(Family.OBJECTS, Family.VERSIONS, Family.UPLOADS, Family.PARTS, Family.PIECES);
    }

    private interface Each<V> {
        void row(byte[] key, V value);
    }

    private <V> void scan(Reader reader, View<V> view, Each<V> each) {
        byte[] prefix = bytes(query.prefix());
        byte[] from = query.after().hasRemaining() ? Keys.after(bytes(query.after())) : prefix;
        try (Rows<V> found = reader.scan(view, from, Keys.successor(prefix))) {
            for (; found.valid(); found.next()) {
                if (scanned == query.limit() || seals >= RenewSeals.MAX_RENEWALS) {
                    return;
                }
                byte[] key = found.key();
                each.row(key, found.value());
                last = ByteBuffer.wrap(key);
                scanned++;
            }
            last = ByteBuffer.allocate(0);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private void add(byte[] row, Content content, @Nullable Encryption encryption) {
        if (content instanceof Content.Runs(List<StoredRun> runs)) {
            Set<Seal> found = new LinkedHashSet<>();
            for (StoredRun run : runs) {
                if (run.seal().isBefore(query.key(), query.below())) {
                    found.add(run.seal());
                }
            }
            if (!found.isEmpty()) {
                rows.add(new SealedRow(ByteBuffer.wrap(row), encryption, List.copyOf(found)));
                seals += found.size();
            }
        } else {
            add(content, encryption);
        }
    }

    /** An assembly may be in a piece of a chain, whose encryption is known to whoever asks for that chain alone. */
    private void add(byte[] row, StoredPiece piece) {
        if (piece.content() instanceof Content.Runs) {
            add(row, piece.content(), null);
        } else if (query.prefix().hasRemaining()) {
            contents.add(content(piece.content(), null));
        }
    }

    private void add(Content content, @Nullable Encryption encryption) {
        if (encryption != null && !encryption.context().isEmpty()) {
            contents.add(content(content, encryption));
        }
    }

    private static SealedContent content(Content content, @Nullable Encryption encryption) {
        return switch (content) {
            case Content.Assembly(var upload) ->
                new SealedContent(SealTable.PARTS, ByteBuffer.wrap(Keys.assembly(upload)), encryption);
            case Content.Chain chain ->
                new SealedContent(SealTable.PIECES, ByteBuffer.wrap(Keys.number(chain.id())), encryption);
            case Content.Runs runs -> throw new IllegalArgumentException("runs lie in the row itself");
        };
    }
}
