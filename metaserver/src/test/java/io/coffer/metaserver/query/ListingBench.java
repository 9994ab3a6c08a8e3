package io.coffer.metaserver.query;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.model.Usage;
import io.coffer.metaserver.store.AppliedIndex;
import io.coffer.metaserver.store.GroupKind;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.StoreResources;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Pages of 1,000 lines, and reads of one object, in a bucket of few and of many keys: the time must not grow with the keys. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public class ListingBench {
    private static final BucketId BUCKET = new BucketId(1);
    private static final PartitionRef PARTITION = new PartitionRef(BUCKET, new PartitionId(1), 1);
    private static final int FOLDERS = 2000;
    private static final int ROWS_PER_COMMIT = 10_000;
    private static final int PAGE = 1000;

    @Param({"10000", "1000000"})
    private int keys;

    private Path directory;
    private StoreResources resources;
    private GroupStore store;
    private final BucketQueries queries = new BucketQueries();
    private String middle;
    private int turn;

    @Setup(Level.Trial)
    public void fill() throws IOException {
        directory = Files.createTempDirectory("listing");
        resources = new StoreResources(256 << 20, 64 << 20);
        store = GroupStore.open(directory.resolve("group").toString(), GroupKind.BUCKET, resources);
        Transaction tx = store.begin();
        tx.put(
                Tables.PARTITIONS,
                Keys.partition(PARTITION.partition()),
                new StoredPartition(
                        BUCKET,
                        new Partition(PARTITION.partition(), "", "", new GroupId(1), 1),
                        false,
                        0,
                        PartitionSettings.UNTOLD));
        tx.put(Tables.COUNTERS, Keys.partition(PARTITION.partition()), new Usage(keys, keys, 0, 0, 1000L * keys, 0));
        for (int i = 1; i <= keys; i++) {
            tx.put(Tables.OBJECTS, Keys.object(BUCKET, key(i - 1)), object(i));
            tx.put(Tables.INLINE, Keys.number(i), ByteBuffer.allocate(100));
            if (i % ROWS_PER_COMMIT == 0) {
                store.commit(tx, new AppliedIndex(1, i));
                tx = store.begin();
            }
        }
        store.flush();
        middle = key(keys / 2);
    }

    private String key(int i) {
        int perFolder = keys / FOLDERS;
        return "backup/vm-%04d/2026-11/block-%08d.dat".formatted(i / perFolder, i % perFolder);
    }

    private static StoredVersion object(int i) {
        return new StoredVersion(
                1_760_000_000_000_000L + i,
                true,
                false,
                new AccountId("123456789012"),
                "d41d8cd98f00b204e9800998ecf8427e",
                100,
                0,
                null,
                new ObjectAttributes(Map.of("content-type", "application/octet-stream"), Map.of("mtime", "1760000000")),
                new Content.Runs(List.of(new StoredRun.InlineRow(i, 100))));
    }

    @TearDown(Level.Trial)
    public void remove() throws IOException {
        store.close();
        resources.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    public Reply objects() throws RefusedException {
        return queries.answer(store, new BucketQuery.ListObjects(PARTITION, "", "", middle, PAGE));
    }

    @Benchmark
    public Reply prefixes() throws RefusedException {
        return queries.answer(store, new BucketQuery.ListObjects(PARTITION, "backup/", "/", "", PAGE));
    }

    @Benchmark
    public Reply objectsBelowPrefix() throws RefusedException {
        return queries.answer(store, new BucketQuery.ListObjects(PARTITION, "backup/", "/x", middle, PAGE));
    }

    @Benchmark
    public Reply versions() throws RefusedException {
        return queries.answer(store, new BucketQuery.ListVersions(PARTITION, "", "", middle, null, PAGE));
    }

    @Benchmark
    public Reply get() throws RefusedException {
        turn = (turn + 7919) % keys;
        return read(key(turn));
    }

    @Benchmark
    public Reply head() throws RefusedException {
        turn = (turn + 7919) % keys;
        return queries.answer(
                store,
                new BucketQuery.GetObject(PARTITION, key(turn), VersionSelector.LATEST, BucketQuery.Window.NONE));
    }

    @Benchmark
    public Object missing() {
        turn = (turn + 7919) % keys;
        try {
            return read(key(turn) + "x");
        } catch (RefusedException e) {
            return e;
        }
    }

    private Reply read(String key) throws RefusedException {
        return queries.answer(
                store,
                new BucketQuery.GetObject(
                        PARTITION, key, VersionSelector.LATEST, new BucketQuery.Window.Range(0, Long.MAX_VALUE)));
    }
}
