package io.coffer.dataserver.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes in memory over a table that can't be written: what a start replays on a read-only disk. */
final class OverlayTable implements IndexTable {
    private final IndexSource below;

    /** A null value hides the entry below; guarded by this. */
    private final TreeMap<byte[], byte @Nullable []> above = new TreeMap<>(Arrays::compareUnsigned);

    OverlayTable(IndexSource below) {
        this.below = below;
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws IndexException {
        synchronized (this) {
            if (above.containsKey(key)) {
                return above.get(key);
            }
        }
        return below.get(key);
    }

    @Override
    public synchronized void write(List<Change> changes) {
        for (Change change : changes) {
            above.put(change.key(), change.value());
        }
    }

    @Override
    public void scan(byte[] from, Visitor visitor) throws IndexException {
        List<Change> changed = new ArrayList<>();
        synchronized (this) {
            for (Map.Entry<byte[], byte @Nullable []> entry :
                    above.tailMap(from, true).entrySet()) {
                changed.add(new Change(entry.getKey(), entry.getValue()));
            }
        }
        Merge merge = new Merge(changed, visitor);
        below.scan(from, merge::visitBelow);
        merge.finish();
    }

    private static final class Merge {
        private final List<Change> changed;
        private final Visitor visitor;
        private int next;
        private boolean enough;

        Merge(List<Change> changed, Visitor visitor) {
            this.changed = changed;
            this.visitor = visitor;
        }

        boolean visitBelow(byte[] key, byte[] value) throws IndexException {
            while (!enough && next < changed.size()) {
                Change change = changed.get(next);
                int order = Arrays.compareUnsigned(change.key(), key);
                if (order > 0) {
                    break;
                }
                next++;
                show(change);
                if (order == 0) {
                    return !enough;
                }
            }
            enough = enough || !visitor.visit(key, value);
            return !enough;
        }

        void finish() throws IndexException {
            while (!enough && next < changed.size()) {
                show(changed.get(next));
                next++;
            }
        }

        private void show(Change change) throws IndexException {
            byte[] value = change.value();
            enough = value != null && !visitor.visit(change.key(), value);
        }
    }

    @Override
    public void flush() {
        // Nothing can be made durable here; the next start replays again.
    }

    @Override
    public void close() {
        below.close();
    }
}
