package io.coffer.metaserver.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.metaserver.machine.TestGroup;
import org.jspecify.annotations.NullMarked;

/** Queries that are refused. */
@NullMarked
final class Refused {
    private Refused() {}

    static void assertRefused(Refusal refusal, TestGroup group, Query<?> query) {
        assertThatThrownBy(() -> group.ask(query))
                .as(query.toString())
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }
}
