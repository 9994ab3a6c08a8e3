package io.coffer.metaserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

@NullMarked
class GroupStoreTest {
    private static final byte[] KEY = {1};

    @TempDir
    Path directory;

    private StoreResources resources;
    private GroupStore store;

    @BeforeEach
    void open() {
        resources = new StoreResources(16 << 20, 8 << 20);
        store = open("store");
    }

    private GroupStore open(String name) {
        return GroupStore.open(directory.resolve(name).toString(), GroupKind.BUCKET, resources);
    }

    @AfterEach
    void close() {
        store.close();
        resources.close();
    }

    /** Writes the number into two families, so that a half write shows. */
    private void commit(long number) {
        Transaction tx = store.begin();
        tx.put(Tables.NUMBERS, KEY, number);
        tx.put(Tables.NULL_VERSIONS, KEY, number);
        store.commit(tx, new AppliedIndex(1, number));
    }

    private static void assertAt(GroupStore store, long number) {
        assertThat(store.applied()).isEqualTo(new AppliedIndex(1, number));
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.get(Tables.NUMBERS, KEY)).isEqualTo(number);
            assertThat(snapshot.get(Tables.NULL_VERSIONS, KEY)).isEqualTo(number);
        }
    }

    @Test
    void aNewStoreIsBeforeTheFirstEntry() {
        assertThat(store.applied()).isEqualTo(AppliedIndex.NONE);
    }

    @Test
    void closingKeepsWhatWasCommitted() {
        commit(5);
        store.close();
        store = open("store");
        assertAt(store, 5);
    }

    @Test
    void aCrashGoesBackToTheLastFlushInAllFamilies() {
        for (int i = 1; i <= 30; i++) {
            commit(i);
            if (i % 10 == 0) {
                store.flush();
            }
        }
        commit(31);
        store.abandon();
        store = open("store");
        assertAt(store, 30);
        commit(32);
        store.abandon();
        store = open("store");
        assertAt(store, 30);
    }

    @Test
    void aCrashWhileMemoryIsWrittenOutLeavesOneState() {
        byte[] large = new byte[100_000];
        for (int i = 1; i <= 200; i++) {
            Transaction tx = store.begin();
            tx.put(Tables.NUMBERS, KEY, (long) i);
            tx.put(Tables.NULL_VERSIONS, KEY, (long) i);
            tx.put(Tables.INLINE, Keys.number(i), java.nio.ByteBuffer.wrap(large));
            store.commit(tx, new AppliedIndex(1, i));
        }
        store.abandon();
        store = open("store");
        long at = store.applied().index();
        assertThat(at).isBetween(1L, 200L);
        assertAt(store, at);
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.get(Tables.INLINE, Keys.number(at))).isNotNull();
            assertThat(snapshot.get(Tables.INLINE, Keys.number(at + 1))).isNull();
        }
    }

    @Test
    void aCheckpointIsAStoreOfItsOwn() {
        commit(1);
        store.checkpoint(directory.resolve("copy").toString());
        commit(2);
        try (GroupStore copy = open("copy")) {
            assertAt(copy, 1);
            Transaction tx = copy.begin();
            tx.put(Tables.NUMBERS, KEY, 3L);
            copy.commit(tx, new AppliedIndex(1, 3));
        }
        assertAt(store, 2);
        assertThatThrownBy(() -> store.checkpoint(directory.resolve("copy").toString()))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void aSnapshotStaysAsItWas() {
        commit(1);
        try (Snapshot snapshot = store.snapshot();
                Rows<Long> rows = snapshot.scan(Tables.NULL_VERSIONS, new byte[0], null)) {
            commit(2);
            assertThat(snapshot.get(Tables.NUMBERS, KEY)).isEqualTo(1);
            assertThat(rows.value()).isEqualTo(1);
        }
    }

    @Test
    void rangesAreDeletedBeforeRowsArePut() {
        Transaction tx = store.begin();
        for (int i = 0; i < 10; i++) {
            tx.put(Tables.NULL_VERSIONS, new byte[] {(byte) i}, (long) i);
        }
        store.commit(tx, new AppliedIndex(1, 1));
        tx = store.begin();
        tx.put(Tables.NULL_VERSIONS, new byte[] {4}, 44L);
        tx.deleteRange(Tables.NULL_VERSIONS, new byte[] {2}, new byte[] {8});
        store.commit(tx, new AppliedIndex(1, 2));
        List<Long> found = new java.util.ArrayList<>();
        try (Snapshot snapshot = store.snapshot();
                Rows<Long> rows = snapshot.scan(Tables.NULL_VERSIONS, new byte[0], null)) {
            for (; rows.valid(); rows.next()) {
                found.add(rows.value());
            }
        }
        assertThat(found).containsExactly(0L, 1L, 44L, 8L, 9L);
    }

    @Test
    void anotherKindOfGroupIsRefused() {
        store.close();
        assertThatThrownBy(() -> GroupStore.open(directory.resolve("store").toString(), GroupKind.SYSTEM, resources))
                .isInstanceOf(StoreException.class);
        store = open("store");
    }

    @Test
    void rowsOfALaterVersionAreRefused() throws Exception {
        String later = directory.resolve("later").toString();
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, later)) {
            db.createColumnFamily(new ColumnFamilyDescriptor("tags".getBytes())).close();
        }
        assertThatThrownBy(() -> open("later"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("tags");
        String format = directory.resolve("format").toString();
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, format)) {
            db.put("format".getBytes(), new byte[] {GroupStore.FORMAT + 1, GroupKind.BUCKET.mark()});
        }
        assertThatThrownBy(() -> open("format"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void damageIsFoundAndNotReadOver() throws IOException {
        commit(1);
        store.close();
        boolean damaged = false;
        try (var files = Files.list(directory.resolve("store"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[3] ^= 1;
                Files.write(file, bytes);
                damaged = true;
            }
        }
        assertThat(damaged).isTrue();
        assertThatThrownBy(() -> open("store")).isInstanceOf(StoreException.class);
        store = open("another");
    }

    private void commitBody(long id, byte[] body) {
        Transaction tx = store.begin();
        tx.put(Tables.INLINE, Keys.number(id), ByteBuffer.wrap(body));
        store.commit(tx, new AppliedIndex(1, id));
    }

    private @Nullable ByteBuffer bodyInMemory(long id) {
        try (Snapshot memory = store.memory()) {
            return memory.get(Tables.INLINE, Keys.number(id));
        }
    }

    @Test
    void memoryHasBodiesThatWereJustWrittenOrRead() {
        byte[] body = new byte[4096];
        Arrays.fill(body, (byte) 7);
        commitBody(1, body);
        assertThat(bodyInMemory(1)).isEqualTo(ByteBuffer.wrap(body));
        store.close();
        store = open("store");
        assertThatThrownBy(() -> bodyInMemory(1)).isInstanceOf(NotInMemoryException.class);
        try (Snapshot all = store.snapshot()) {
            assertThat(all.get(Tables.INLINE, Keys.number(1))).isEqualTo(ByteBuffer.wrap(body));
        }
        assertThat(bodyInMemory(1)).isEqualTo(ByteBuffer.wrap(body));
    }

    @Test
    void memoryIsOfOneMoment() {
        commit(1);
        try (Snapshot memory = store.memory()) {
            commit(2);
            assertThat(memory.get(Tables.NUMBERS, KEY)).isEqualTo(1);
        }
    }

    @Test
    void aScanIsNotInMemory() {
        commit(1);
        try (Snapshot memory = store.memory()) {
            assertThatThrownBy(() -> memory.scan(Tables.NUMBERS, KEY, null)).isInstanceOf(NotInMemoryException.class);
        }
    }
}
