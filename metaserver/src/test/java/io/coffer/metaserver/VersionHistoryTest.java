package io.coffer.metaserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class VersionHistoryTest {
    private final VersionHistory history = new VersionHistory();

    @Test
    void overlappingOperationsMayGoEitherWay() {
        history.wrote("a", null, 0, 10, 1);
        history.wrote("b", null, 0, 10, 2);
        history.read("a", 1, 5, 12);
        history.read("b", 2, 5, 12);
        assertThat(history.contradiction()).isNull();
    }

    @Test
    void aStaleReadIsFound() {
        history.wrote("a", null, 0, 10, 1);
        history.wrote("b", null, 20, 30, 2);
        history.read("a", 1, 40, 50);
        assertThat(history.contradiction()).isNotNull();
    }

    @Test
    void aReadThatGoesBackIsFound() {
        history.wrote("a", null, 0, 100, 1);
        history.read("a", 1, 10, 20);
        history.read("", 0, 30, 40);
        assertThat(history.contradiction()).isNotNull();
    }

    @Test
    void aWriteThatWasOvertakenIsFound() {
        history.wrote("a", null, 20, 30, 1);
        history.wrote("b", null, 0, 10, 2);
        assertThat(history.contradiction()).isNotNull();
    }

    @Test
    void twoWinnersOfOneConditionAreFound() {
        history.wrote("a", "-", 0, 10, 1);
        history.wrote("b", "-", 0, 10, 2);
        assertThat(history.contradiction()).isNotNull();
    }

    @Test
    void aWriteOfUnknownOutcomeMayHaveHappenedOrNot() {
        history.wrote("a", null, 0, 10, 1);
        history.wrote("lost", null, 20, VersionHistory.NEVER, -1);
        history.read("a", 1, 30, 40);
        assertThat(history.contradiction()).isNull();
        history.read("lost", 2, 50, 60);
        assertThat(history.contradiction()).isNull();
        history.read("a", 1, 70, 80);
        assertThat(history.contradiction()).isNotNull();
    }
}
