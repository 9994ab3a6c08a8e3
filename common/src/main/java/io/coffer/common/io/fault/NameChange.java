package io.coffer.common.io.fault;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A create, delete or rename that no directory sync has covered yet. It persists wholly or not at all, as a journal makes
 * it; and never without an earlier change of the same name or the same file. Compared by identity.
 */
final class NameChange {
    private final List<Entry> entries;

    NameChange(List<Entry> entries) {
        this.entries = entries;
    }

    /** @param node what the name stands for afterwards; null for nothing */
    record Entry(
            DirectoryNode directory, String name, @Nullable Node node) {
        void apply() {
            if (node == null) {
                directory.durable.remove(name);
            } else {
                directory.durable.put(name, node);
            }
        }
    }

    private record Name(DirectoryNode directory, String name) {}

    boolean touches(DirectoryNode directory) {
        return entries.stream().anyMatch(entry -> entry.directory == directory);
    }

    boolean dependsOnAnyOf(Set<Object> keys) {
        return entries.stream()
                .anyMatch(entry -> keys.contains(name(entry)) || (entry.node != null && keys.contains(entry.node)));
    }

    void addKeysTo(Set<Object> keys) {
        for (Entry entry : entries) {
            keys.add(name(entry));
            if (entry.node != null) {
                keys.add(entry.node);
            }
        }
    }

    private static Name name(Entry entry) {
        return new Name(entry.directory, entry.name);
    }

    void apply() {
        entries.forEach(Entry::apply);
    }
}
