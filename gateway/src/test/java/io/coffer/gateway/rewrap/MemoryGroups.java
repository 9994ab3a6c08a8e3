package io.coffer.gateway.rewrap;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery.FindSeals;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedContent;
import io.coffer.common.metadata.SealedRow;
import io.coffer.common.metadata.SystemCommand.SetDocument;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.wire.RewrapCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The system group's documents, and one bucket group's rows of one seal each, with the rules that rewrapping depends on. */
final class MemoryGroups implements MetadataClient {
    private final Map<String, Reply.DocumentReply> documents = new HashMap<>();
    private final Map<SealTable, TreeMap<String, Row>> tables = new HashMap<>();
    private int fence;
    private long moved;

    /** Is told of each question for seals before it is answered; may move rows. */
    Consumer<SealTable> meanwhile = table -> {};

    /** A row. */
    record Row(Seal seal, @Nullable Encryption encryption) {}

    MemoryGroups() {
        for (SealTable table : SealTable.values()) {
            tables.put(table, new TreeMap<>());
        }
    }

    synchronized void put(SealTable table, String key, Seal seal, @Nullable Encryption encryption) {
        rows(table).put(key, new Row(seal, encryption));
    }

    /** Moves a row, as what takes a version's place does. */
    synchronized void move(String key, SealTable from, SealTable to) {
        Row row = rows(from).remove(key);
        if (row != null) {
            rows(to).put(key, row);
            Seal.Wrapper wrapper = row.seal().wrapper();
            moved += wrapper != null && wrapper.version() < fence ? 1 : 0;
        }
    }

    synchronized List<Seal> seals() {
        return tables.values().stream()
                .flatMap(rows -> rows.values().stream())
                .map(Row::seal)
                .filter(seal -> !seal.isNone())
                .toList();
    }

    synchronized List<KeyRewrap> rewraps() {
        Reply.DocumentReply document = documents.get("key-rewraps");
        return document == null ? List.of() : RewrapCodec.decode(document.value());
    }

    /** Changes the document behind everybody's back. */
    synchronized void setRewraps(List<KeyRewrap> rewraps) {
        Reply.DocumentReply known = documents.get("key-rewraps");
        long revision = known == null ? 0 : known.revision();
        documents.put("key-rewraps", new Reply.DocumentReply("key-rewraps", revision + 1, RewrapCodec.encode(rewraps)));
    }

    private TreeMap<String, Row> rows(SealTable table) {
        return tables.computeIfAbsent(table, any -> new TreeMap<>());
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <R extends Reply> CompletableFuture<R> submit(
            GroupId group, RequestId request, Command<R> command) {
        return (CompletableFuture<R>)
                switch (command) {
                    case SetDocument set -> set(set);
                    case RenewSeals renew -> CompletableFuture.completedFuture(renew(renew));
                    default -> throw new AssertionError(command);
                };
    }

    private CompletableFuture<Reply> set(SetDocument set) {
        Reply.DocumentReply known = documents.get(set.name());
        long revision = known == null ? 0 : known.revision();
        if (revision != set.expectedRevision()) {
            return CompletableFuture.failedFuture(new RefusedException(Refusal.STALE_EPOCH));
        }
        Reply.DocumentReply changed = new Reply.DocumentReply(set.name(), revision + 1, set.value());
        documents.put(set.name(), changed);
        return CompletableFuture.completedFuture(changed);
    }

    private Reply renew(RenewSeals renew) {
        fence = Math.max(fence, renew.below());
        int replaced = 0;
        for (SealRenewal renewal : renew.renewals()) {
            String key = text(renewal.row());
            Row row = rows(renewal.table()).get(key);
            for (SealRenewal.Pair pair : renewal.seals()) {
                if (row != null && row.seal().equals(pair.before())) {
                    rows(renewal.table()).put(key, new Row(pair.after(), row.encryption()));
                    replaced++;
                }
            }
        }
        return new Reply.SealsReply(replaced, moved);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        if (query instanceof FindSeals find) {
            meanwhile.accept(find.table());
        }
        synchronized (this) {
            return (CompletableFuture<R>)
                    switch (query) {
                        case SystemQuery.GetDocument get -> get(get.name());
                        case SystemQuery.GetClusterMap() ->
                            CompletableFuture.completedFuture(new Reply.ClusterMapReply(ClusterMap.EMPTY));
                        case FindSeals find -> CompletableFuture.completedFuture(find(find));
                        default -> throw new AssertionError(query);
                    };
        }
    }

    private CompletableFuture<Reply> get(String name) {
        Reply.DocumentReply found = documents.get(name);
        return found == null
                ? CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_DOCUMENT))
                : CompletableFuture.completedFuture(found);
    }

    private Reply find(FindSeals find) {
        List<SealedRow> found = new ArrayList<>();
        List<SealedContent> contents = new ArrayList<>();
        int scanned = 0;
        String last = "";
        for (Map.Entry<String, Row> row :
                rows(find.table()).tailMap(text(find.after()), false).entrySet()) {
            if (!row.getKey().startsWith(text(find.prefix()))) {
                continue;
            }
            if (scanned == find.limit()) {
                return new Reply.SealsPage(found, contents, scanned, bytes(last), moved, 0);
            }
            Seal seal = row.getValue().seal();
            Encryption encryption = row.getValue().encryption();
            if (seal.isBefore(find.key(), find.below())) {
                found.add(new SealedRow(bytes(row.getKey()), encryption, List.of(seal)));
            } else if (seal.isNone() && encryption != null) {
                // The parts of what is assembled, or of an upload, begin with its name.
                contents.add(new SealedContent(SealTable.PARTS, bytes(row.getKey()), encryption));
            }
            last = row.getKey();
            scanned++;
        }
        return new Reply.SealsPage(found, contents, scanned, bytes(""), moved, 0);
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
