package io.coffer.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.deploy.server.FigureTable.Figure;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FigureTableTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Tags, Integer> groups = new HashMap<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final FigureTable<Integer> table = new FigureTable<>(
            registry,
            () -> {
                looks.incrementAndGet();
                return Map.copyOf(groups);
            },
            List.of(
                    Figure.gauge("waiting", "What waits", Integer::doubleValue),
                    Figure.counter("done", "What was done", value -> 10 * value)));

    private double waiting(String group) {
        return registry.get("waiting").tag("group", group).gauge().value();
    }

    @Test
    void whatComesLaterIsMeasuredAndWhatGoesIsForgotten() {
        table.refresh();
        assertThat(registry.getMeters()).isEmpty();
        groups.put(Tags.of("group", "0"), 3);
        groups.put(Tags.of("group", "1"), 4);
        table.refresh();
        assertThat(waiting("0")).isEqualTo(3);
        assertThat(waiting("1")).isEqualTo(4);
        assertThat(registry.get("done").tag("group", "1").functionCounter().count())
                .isEqualTo(40);
        groups.put(Tags.of("group", "1"), 5);
        groups.remove(Tags.of("group", "0"));
        assertThat(waiting("1")).as("until the next look").isEqualTo(4);
        table.refresh();
        assertThat(waiting("1")).isEqualTo(5);
        assertThat(registry.find("waiting").tag("group", "0").gauge()).isNull();
        assertThat(looks).as("one look for all figures").hasValue(3);
    }
}
