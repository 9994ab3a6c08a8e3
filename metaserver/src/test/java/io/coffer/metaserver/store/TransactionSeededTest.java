package io.coffer.metaserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random changes, rollbacks, scans and commits against a sorted map. */
@NullMarked
class TransactionSeededTest {
    private static final int STEPS = 20_000;
    private static final Table<String> TABLE = Tables.BUCKET_INDEX;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    /** Keys in hexadecimal, so that they compare as their bytes. */
    private TreeMap<String, String> model = new TreeMap<>();

    @Test
    void aTransactionIsASortedMap(@TempDir Path directory) {
        try (StoreResources resources = new StoreResources(16 << 20, 8 << 20);
                GroupStore store = GroupStore.open(directory.toString(), GroupKind.SYSTEM, resources)) {
            Transaction tx = store.begin();
            List<Integer> marks = new ArrayList<>();
            List<TreeMap<String, String>> models = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> put(tx);
                    case 4, 5 -> delete(tx);
                    case 6 -> checkGet(tx);
                    case 7, 8 -> checkScan(tx);
                    case 9 -> {
                        marks.add(tx.mark());
                        models.add(new TreeMap<>(model));
                    }
                    case 10 -> {
                        if (!marks.isEmpty()) {
                            tx.rollback(marks.removeLast());
                            model = models.removeLast();
                        }
                    }
                    default -> {
                        if (random.nextInt(10) == 0) {
                            store.commit(tx, new AppliedIndex(1, step));
                            tx = store.begin();
                            marks.clear();
                            models.clear();
                        }
                    }
                }
            }
            store.commit(tx, new AppliedIndex(1, STEPS));
            try (Snapshot snapshot = store.snapshot()) {
                checkScan(snapshot);
            }
        }
    }

    private byte[] key() {
        byte[] key = new byte[1 + random.nextInt(2)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(7) * 51 - 128);
        }
        return key;
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key);
    }

    private void put(Transaction tx) {
        byte[] key = key();
        String value = "v" + random.nextInt(1000);
        tx.put(TABLE, key, value);
        model.put(hex(key), value);
    }

    private void delete(Transaction tx) {
        byte[] key = key();
        tx.delete(TABLE, key);
        model.remove(hex(key));
    }

    private void checkGet(Reader reader) {
        byte[] key = key();
        assertThat(reader.get(TABLE, key)).as("seed %s", seed).isEqualTo(model.get(hex(key)));
    }

    private void checkScan(Reader reader) {
        byte[] from = random.nextInt(4) == 0 ? new byte[0] : key();
        byte @Nullable [] to = random.nextInt(4) == 0 ? null : key();
        boolean empty = to != null && Arrays.compareUnsigned(from, to) > 0;
        Map<String, String> expected = empty
                ? Map.of()
                : to == null ? model.tailMap(hex(from), true) : model.subMap(hex(from), true, hex(to), false);
        TreeMap<String, String> left = new TreeMap<>(expected);
        try (Rows<String> rows = reader.scan(TABLE, from, to)) {
            if (random.nextInt(3) == 0) {
                byte[] target = key();
                rows.seek(target);
                left = new TreeMap<>(left.tailMap(hex(target), true));
            }
            TreeMap<String, String> found = new TreeMap<>();
            for (; rows.valid(); rows.next()) {
                String key = hex(rows.key());
                assertThat(found.isEmpty() || found.lastKey().compareTo(key) < 0)
                        .isTrue();
                found.put(key, rows.value());
            }
            assertThat(found).as("seed %s", seed).isEqualTo(left);
        }
    }
}
