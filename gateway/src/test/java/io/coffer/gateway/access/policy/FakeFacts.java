package io.coffer.gateway.access.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts that a test says. */
final class FakeFacts implements PolicyFacts {
    static final FakeFacts NONE = new FakeFacts();

    private final Map<ConditionKey, List<String>> known = new HashMap<>();

    static FakeFacts of(String key, String... values) {
        FakeFacts facts = new FakeFacts();
        return facts.and(key, values);
    }

    FakeFacts and(String key, String... values) {
        known.put(ConditionKey.parse(key).orElseThrow(), List.of(values));
        return this;
    }

    @Override
    public @Nullable String value(ConditionKey key) {
        List<String> values = known.getOrDefault(key, List.of());
        return values.isEmpty() ? null : values.getFirst();
    }

    @Override
    public List<String> values(ConditionKey key) {
        return known.getOrDefault(key, List.of());
    }
}
