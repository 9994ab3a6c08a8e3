package io.coffer.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRules.Due;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LifecycleRulesTest {
    private static final long MADE = millis("2014-01-15T10:30:00Z");

    private static long millis(String text) {
        return Instant.parse(text).toEpochMilli();
    }

    private static LifecycleRule rule(String id, @Nullable String prefix, @Nullable Expiration expiration) {
        return filtered(id, LifecycleFilter.ofPrefix(prefix), expiration);
    }

    private static LifecycleRule filtered(String id, LifecycleFilter filter, @Nullable Expiration expiration) {
        return new LifecycleRule(id, true, false, filter, expiration, null, 0);
    }

    private static @Nullable Due expiration(String key, LifecycleRule... rules) {
        return expiration(key, 7, Map.of(), rules);
    }

    private static @Nullable Due expiration(String key, long size, Map<String, String> tags, LifecycleRule... rules) {
        return new LifecycleRules(List.of(rules), false)
                .expiration(new LifecycleRules.Facts(key, size, tags, MADE), LifecycleDay.REAL);
    }

    @Test
    void daysEndAtTheNextMidnight() {
        assertThat(expiration("k", rule("a", null, new Expiration.AfterDays(3))))
                .isEqualTo(new Due(millis("2014-01-19T00:00:00Z"), "a"));
        assertThat(LifecycleDay.REAL.after(millis("2014-01-15T00:00:00Z"), 1))
                .isEqualTo(millis("2014-01-17T00:00:00Z"));
        assertThat(new LifecycleDay(1000).after(12_345, 2)).isEqualTo(15_000);
        assertThat(LifecycleDay.REAL.after(MADE, Integer.MAX_VALUE)).isPositive();
    }

    @Test
    void theFirstMomentCountsAndTheFirstRuleThatNamesIt() {
        LifecycleRule late = rule("late", null, new Expiration.AfterDays(9));
        LifecycleRule soon = rule("soon", "k", new Expiration.AfterDays(1));
        LifecycleRule asSoon = rule("as soon", null, new Expiration.OnDate(millis("2014-01-17T00:00:00Z")));
        assertThat(expiration("k", late, soon, asSoon)).isEqualTo(new Due(millis("2014-01-17T00:00:00Z"), "soon"));
        assertThat(expiration("k", late, asSoon, soon)).isEqualTo(new Due(millis("2014-01-17T00:00:00Z"), "as soon"));
        assertThat(expiration("other", late, soon)).isEqualTo(new Due(millis("2014-01-25T00:00:00Z"), "late"));
    }

    @Test
    void whatNoEnabledRuleCoversStays() {
        LifecycleRule disabled =
                new LifecycleRule("d", false, false, LifecycleFilter.ALL, new Expiration.AfterDays(1), null, 1);
        assertThat(expiration("k", disabled)).isNull();
        assertThat(new LifecycleRules(List.of(disabled), false).abort("k", MADE, LifecycleDay.REAL))
                .isNull();
        assertThat(expiration("k", rule("m", null, new Expiration.LoneMarker(true))))
                .isNull();
        assertThat(expiration("k", rule("n", null, null))).isNull();
        assertThat(expiration("a/k", rule("p", "b/", new Expiration.AfterDays(1))))
                .isNull();
    }

    @Test
    void everythingThatAFilterAsksForMustBe() {
        LifecycleRule rule = filtered(
                "f", new LifecycleFilter("p/", Map.of("a", "1", "b", "2"), 10, 20), new Expiration.AfterDays(1));
        Map<String, String> tags = Map.of("a", "1", "b", "2", "c", "3");
        assertThat(expiration("p/k", 11, tags, rule)).isNotNull();
        assertThat(expiration("p/k", 19, tags, rule)).isNotNull();
        assertThat(expiration("p/k", 10, tags, rule)).isNull();
        assertThat(expiration("p/k", 20, tags, rule)).isNull();
        assertThat(expiration("k", 11, tags, rule)).isNull();
        assertThat(expiration("p/k", 11, Map.of("a", "1", "b", "3"), rule)).isNull();
        assertThat(expiration("p/k", 11, Map.of("a", "1"), rule)).isNull();
    }

    @Test
    void uploadsAreAbortedByTheFirstRule() {
        LifecycleRule slow = new LifecycleRule("slow", true, false, LifecycleFilter.ALL, null, null, 5);
        LifecycleRule quick = new LifecycleRule("quick", true, false, LifecycleFilter.ofPrefix("k"), null, null, 1);
        LifecycleRules rules = new LifecycleRules(List.of(slow, quick), false);
        assertThat(rules.abort("k", MADE, LifecycleDay.REAL))
                .isEqualTo(new Due(millis("2014-01-17T00:00:00Z"), "quick"));
        assertThat(rules.abort("j", MADE, LifecycleDay.REAL))
                .isEqualTo(new Due(millis("2014-01-21T00:00:00Z"), "slow"));
    }
}
