package io.coffer.deploy.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Meters of things that come and go, such as metadata groups: each has the same figures under its own tags, and all are read from one
 * snapshot per scrape. Thread-safe.
 */
final class FigureTable<V> {
    private final MeterRegistry registry;
    private final Supplier<Map<Tags, V>> snapshot;
    private final List<Figure<V>> figures;

    /** Of what was there at the last look. Guarded by this. */
    private final Map<Tags, List<Meter>> meters = new HashMap<>();

    private volatile Map<Tags, V> current = Map.of();

    /**
     * @param name with dots, and its unit at the end
     * @param counts whether it only rises
     */
    record Figure<V>(String name, String description, boolean counts, ToDoubleFunction<V> value) {
        static <V> Figure<V> gauge(String name, String description, ToDoubleFunction<V> value) {
            return new Figure<>(name, description, false, value);
        }

        static <V> Figure<V> counter(String name, String description, ToDoubleFunction<V> value) {
            return new Figure<>(name, description, true, value);
        }
    }

    /** @param snapshot what there is now, by the tags that tell one from the other */
    FigureTable(MeterRegistry registry, Supplier<Map<Tags, V>> snapshot, List<Figure<V>> figures) {
        this.registry = registry;
        this.snapshot = snapshot;
        this.figures = figures;
    }

    /** Looks at what there is now. */
    synchronized void refresh() {
        Map<Tags, V> now = snapshot.get();
        current = now;
        meters.entrySet().removeIf(entry -> {
            boolean gone = !now.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().forEach(registry::remove);
            }
            return gone;
        });
        now.keySet().forEach(tags -> meters.computeIfAbsent(tags, this::register));
    }

    private List<Meter> register(Tags tags) {
        List<Meter> made = new ArrayList<>();
        for (Figure<V> figure : figures) {
            made.add(
                    figure.counts()
                            ? FunctionCounter.builder(figure.name(), this, table -> table.value(tags, figure))
                                    .description(figure.description())
                                    .tags(tags)
                                    .register(registry)
                            : Gauge.builder(figure.name(), this, table -> table.value(tags, figure))
                                    .description(figure.description())
                                    .tags(tags)
                                    .register(registry));
        }
        return made;
    }

    private double value(Tags tags, Figure<V> figure) {
        V value = current.get(tags);
        return value == null ? Double.NaN : figure.value().applyAsDouble(value);
    }
}
