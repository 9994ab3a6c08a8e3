package io.coffer.metaserver.query;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredPurge;
import io.coffer.metaserver.store.Family;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Snapshot;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the system group. Every request of a client needs its access key and its bucket, so replies about those are
 * remembered until a commit touches accounts, keys or buckets.
 */
public final class SystemQueries implements GroupQueries {
    private static final Family[] REMEMBERED = {Family.ACCOUNTS, Family.ACCESS_KEYS, Family.BUCKETS};

    private final ReplyMemory memory = new ReplyMemory();

    /** The last cluster map that was read: every change of its rows makes a new revision. */
    private volatile ClusterMap clusterMap = ClusterMap.EMPTY;

    private final MapListener listener;

    // The applier's.
    private long revision;
    private @Nullable ClusterMapDelta committing;

    public SystemQueries(MapListener listener) {
        this.listener = listener;
    }

    @Override
    public void opened(GroupStore store) {
        revision = MapChanges.revision(store.begin());
        listener.opened(revision);
    }

    @Override
    public void changing(Transaction changes) {
        if (changes.touches(REMEMBERED)) {
            memory.startChange();
        }
        committing = MapChanges.of(changes, revision);
    }

    @Override
    public void committed() {
        ClusterMapDelta delta = committing;
        if (delta != null) {
            revision = delta.revision();
            listener.changed(delta);
        }
    }

    @Override
    public void changed() {
        memory.endChange();
    }

    @Override
    public Reply answer(GroupStore store, Query<?> query) throws RefusedException {
        if (!(query instanceof SystemQuery<?> system)) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a query of the system group");
        }
        boolean remembered = isRemembered(system);
        long revision = memory.revision();
        Reply known = remembered ? memory.get(system, revision) : null;
        if (known != null) {
            return known;
        }
        try (Snapshot snapshot = store.snapshot()) {
            Reply reply = answer(snapshot, system);
            if (remembered) {
                memory.put(system, reply, revision);
            }
            return reply;
        }
    }

    @Override
    public Optional<Reply> answerFromMemory(GroupStore store, Query<?> query) {
        return query instanceof SystemQuery<?> system && isRemembered(system)
                ? Optional.ofNullable(memory.get(system, memory.revision()))
                : Optional.empty();
    }

    private static boolean isRemembered(SystemQuery<?> query) {
        return query instanceof SystemQuery.GetBucket || query instanceof SystemQuery.GetAccessKey;
    }

    private Reply answer(Reader reader, SystemQuery<?> query) throws RefusedException {
        return switch (query) {
            case SystemQuery.GetBucket q -> bucket(reader, q);
            case SystemQuery.ListBuckets q -> buckets(reader, q);
            case SystemQuery.GetAccessKey q -> accessKey(reader, q);
            case SystemQuery.GetAccount q -> new Reply.AccountReply(account(reader, q.id()));
            case SystemQuery.ListAccounts() ->
                new Reply.AccountsReply(list(reader, Tables.ACCOUNTS, Keys.letter('a'), StoredAccount::account));
            case SystemQuery.ListAccessKeys q -> accessKeys(reader, q);
            case SystemQuery.GetClusterMap() -> clusterMap(reader);
            case SystemQuery.GetMemberMarks q -> marks(reader, q);
            case SystemQuery.ListPurges() -> purges(reader);
            case SystemQuery.ListTokens() ->
                new Reply.TokensReply(list(reader, Tables.TOKENS, Keys.letter('t'), Function.identity()));
            case SystemQuery.GetDocument q -> document(reader, q);
            case SystemQuery.GetBucketDocument q -> bucketDocument(reader, q);
            case SystemQuery.GetClusterId() ->
                new Reply.ClusterIdReply(reader.get(Tables.CLUSTER_ID, Tables.CLUSTER_ID_ROW));
        };
    }

    private static Reply bucket(Reader reader, SystemQuery.GetBucket q) throws RefusedException {
        StoredBucket stored = reader.get(Tables.BUCKETS, Keys.bucketByName(q.foldedName()));
        if (stored == null) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        return new Reply.BucketReply(stored.bucket());
    }

    private static Reply bucketDocument(Reader reader, SystemQuery.GetBucketDocument q) throws RefusedException {
        if (reader.get(Tables.BUCKET_INDEX, Keys.bucketById(q.bucket())) == null) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        Reply.BucketDocumentReply document =
                reader.get(Tables.BUCKET_DOCUMENTS, Keys.bucketDocument(q.bucket(), q.kind()));
        if (document == null) {
            throw new RefusedException(Refusal.NO_SUCH_DOCUMENT, q.kind().name());
        }
        return document;
    }

    /** In the order of folded names, to which prefix and start are compared. */
    private static Reply buckets(Reader reader, SystemQuery.ListBuckets q) throws RefusedException {
        if (q.limit() < 0 || q.limit() > Limits.MAX_BUCKETS_PAGE) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a page of " + q.limit());
        }
        AccountId owner = q.owner();
        byte[] table = owner == null ? Keys.letter('b') : Keys.bucketOf(owner, "");
        byte[] prefix = join(table, q.prefix());
        byte[] from = prefix;
        if (!q.after().isEmpty()) {
            byte[] behind = Keys.after(join(table, q.after()));
            from = Arrays.compareUnsigned(behind, prefix) > 0 ? behind : prefix;
        }
        List<Bucket> buckets = new ArrayList<>();
        byte[] end = Keys.successor(prefix);
        if (end != null && Arrays.compareUnsigned(from, end) >= 0) {
            return new Reply.BucketsReply(buckets, false);
        }
        try (Rows<String> names = reader.scan(Tables.BUCKET_INDEX, from, end)) {
            for (; names.valid(); names.next()) {
                String name = Keys.text(names.key(), table.length);
                StoredBucket stored = reader.get(Tables.BUCKETS, Keys.bucketByName(name));
                if (stored == null || !shown(stored.bucket(), q.region())) {
                    continue;
                }
                if (buckets.size() == q.limit()) {
                    return new Reply.BucketsReply(buckets, true);
                }
                buckets.add(stored.bucket());
            }
        }
        return new Reply.BucketsReply(buckets, false);
    }

    private static boolean shown(Bucket bucket, String region) {
        return region.isEmpty() || bucket.region().equals(region);
    }

    private static byte[] join(byte[] table, String name) {
        byte[] bytes = Keys.utf8(name);
        byte[] joined = Arrays.copyOf(table, table.length + bytes.length);
        System.arraycopy(bytes, 0, joined, table.length, bytes.length);
        return joined;
    }

    private static Reply accessKey(Reader reader, SystemQuery.GetAccessKey q) throws RefusedException {
        AccessKey key = reader.get(Tables.ACCESS_KEYS, Keys.accessKey(q.accessKey()));
        if (key == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCESS_KEY);
        }
        return new Reply.AccessKeyReply(key, account(reader, key.account()));
    }

    private static Reply accessKeys(Reader reader, SystemQuery.ListAccessKeys q) {
        AccountId account = q.account();
        if (account == null) {
            return new Reply.AccessKeysReply(list(reader, Tables.ACCESS_KEYS, Keys.letter('k'), Function.identity()));
        }
        List<AccessKey> keys = new ArrayList<>();
        for (String name :
                list(reader, Tables.ACCESS_KEY_INDEX, Keys.accessKeyOf(account, ""), Function.<String>identity())) {
            AccessKey key = reader.get(Tables.ACCESS_KEYS, Keys.accessKey(name));
            if (key != null) {
                keys.add(key);
            }
        }
        return new Reply.AccessKeysReply(keys);
    }

    private static Account account(Reader reader, AccountId id) throws RefusedException {
        StoredAccount stored = reader.get(Tables.ACCOUNTS, Keys.account(id));
        if (stored == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCOUNT);
        }
        return stored.account();
    }

    private Reply clusterMap(Reader reader) {
        long stored = MapChanges.revision(reader);
        ClusterMap map = clusterMap;
        if (map.revision() != stored) {
            map = ClusterMap.of(
                    stored,
                    list(reader, Tables.NODES, Keys.letter('n'), Function.identity()),
                    list(reader, Tables.DISKS, Keys.letter('d'), Function.identity()),
                    list(reader, Tables.VOLUMES, Keys.letter('v'), Function.identity()),
                    list(reader, Tables.GROUPS, Keys.letter('g'), Function.identity()),
                    list(reader, Tables.REMOVED_NODES, Keys.letter('o'), Function.identity()));
            clusterMap = map;
        }
        return new Reply.ClusterMapReply(map);
    }

    private static Reply marks(Reader reader, SystemQuery.GetMemberMarks q) throws RefusedException {
        Volume volume = reader.get(Tables.VOLUMES, Keys.volume(q.volume()));
        if (volume == null) {
            throw new RefusedException(Refusal.NO_SUCH_VOLUME);
        }
        Long marks = reader.get(Tables.MEMBER_MARKS, Keys.memberMarks(q.volume(), q.index()));
        return new Reply.MarksReply(marks == null ? 0 : marks, volume);
    }

    private static Reply document(Reader reader, SystemQuery.GetDocument q) throws RefusedException {
        Reply.DocumentReply document = reader.get(Tables.DOCUMENTS, Keys.document(q.name()));
        if (document == null) {
            throw new RefusedException(Refusal.NO_SUCH_DOCUMENT, q.name());
        }
        return document;
    }

    private static <V, T> List<T> list(Reader reader, Table<V> table, byte[] prefix, Function<V, T> view) {
        List<T> result = new ArrayList<>();
        try (Rows<V> rows = reader.scanPrefix(table, prefix)) {
            for (; rows.valid(); rows.next()) {
                result.add(view.apply(rows.value()));
            }
        }
        return result;
    }

    private static Reply purges(Reader reader) {
        List<Purge> purges = new ArrayList<>();
        try (Rows<StoredPurge> rows = reader.scanPrefix(Tables.PURGES, Keys.letter('p'))) {
            for (; rows.valid() && purges.size() < Limits.MAX_PURGES; rows.next()) {
                String name = reader.get(Tables.BUCKET_INDEX, Keys.bucketById(Keys.purgedBucket(rows.key())));
                StoredBucket bucket = name == null ? null : reader.get(Tables.BUCKETS, Keys.bucketByName(name));
                if (bucket != null) {
                    purges.add(rows.value().of(bucket.bucket()));
                }
            }
        }
        return new Reply.PurgesReply(purges);
    }
}
