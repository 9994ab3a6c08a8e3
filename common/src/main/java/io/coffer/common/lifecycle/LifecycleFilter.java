package io.coffer.common.lifecycle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which objects a rule is about: those that fulfil all of this.
 *
 * @param prefix of their keys; null where none was given, which is not the same when it is told
 * @param tags they have all of them, perhaps more; in the order in which they were given
 * @param largerThan bytes; {@link #ANY_SIZE} for no bound
 * @param smallerThan bytes; {@link #ANY_SIZE} for no bound
 */
public record LifecycleFilter(@Nullable String prefix, Map<String, String> tags, long largerThan, long smallerThan) {
    public static final long ANY_SIZE = -1;

    /** Of a rule about everything. */
    public static final LifecycleFilter ALL = ofPrefix(null);

    public LifecycleFilter {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    public static LifecycleFilter ofPrefix(@Nullable String prefix) {
        return new LifecycleFilter(prefix, Map.of(), ANY_SIZE, ANY_SIZE);
    }

    public boolean hasSizes() {
        return largerThan != ANY_SIZE || smallerThan != ANY_SIZE;
    }

    /** How many things it asks for. */
    public int predicates() {
        return (prefix == null ? 0 : 1)
                + tags.size()
                + (largerThan == ANY_SIZE ? 0 : 1)
                + (smallerThan == ANY_SIZE ? 0 : 1);
    }

    boolean covers(String key) {
        return prefix == null || key.startsWith(prefix);
    }

    boolean covers(LifecycleRules.Facts version) {
        return covers(version.key())
                && (largerThan == ANY_SIZE || version.size() > largerThan)
                && (smallerThan == ANY_SIZE || version.size() < smallerThan)
                && version.tags().entrySet().containsAll(tags.entrySet());
    }
}
