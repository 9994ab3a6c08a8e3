package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ByteBudgetTest {
    private final List<String> granted = new ArrayList<>();
    private final ByteBudget budget = new ByteBudget(100);

    @Test
    void thoseWhoWaitAreServedInTheOrderOfComing() {
        assertThat(budget.reserve(60, () -> granted.add("a"))).isTrue();
        assertThat(budget.reserve(50, () -> granted.add("b"))).isFalse();
        assertThat(budget.reserve(10, () -> granted.add("c"))).isFalse(); // there would be room, but b came first
        assertThat(budget.tryReserve(1)).isFalse();
        assertThat(granted).isEmpty();
        budget.release(60);
        assertThat(granted).containsExactly("b", "c");
        assertThat(budget.used()).isEqualTo(60);
        assertThat(budget.tryReserve(40)).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(100);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whoIsServedMayGiveBackAtOnce() {
        assertThat(budget.tryReserve(100)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(budget.reserve(100, () -> {
                        granted.add("x");
                        budget.release(100);
                    }))
                    .isFalse();
        }
        budget.release(100);
        assertThat(granted).hasSize(3);
        assertThat(budget.used()).isZero();
    }

    @Test
    void whatNeverFitsIsABug() {
        assertThatThrownBy(() -> budget.reserve(101, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }
}
