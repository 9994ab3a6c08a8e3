package io.coffer.metaserver.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.Reply.Entry;
import io.coffer.metaserver.store.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RollupTest {
    private static final int HIDDEN = 50_000;

    /** Walks over keys in memory and counts its steps. */
    private static final class CountingCursor implements LineCursor<String> {
        private final TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        private byte[] at;
        private int steps;
        private int linesMade;

        CountingCursor(List<String> keys) {
            keys.forEach(key -> this.keys.add(Keys.utf8(key)));
            at = this.keys.isEmpty() ? null : this.keys.first();
        }

        @Override
        public boolean valid() {
            return at != null;
        }

        @Override
        public byte[] key() {
            return at;
        }

        @Override
        public String line() {
            linesMade++;
            return Keys.text(at, 0);
        }

        @Override
        public void next() {
            steps++;
            at = keys.higher(at);
        }

        @Override
        public void skipTo(byte[] key) {
            steps++;
            at = keys.ceiling(key);
        }

        @Override
        public void close() {}
    }

    private static Rollup rollup(String prefix, String delimiter, int limit) {
        return new Rollup(Keys.utf8(prefix), Keys.utf8(delimiter), limit);
    }

    private static Rollup.Page<String> page(List<String> keys, String prefix, String delimiter, int limit) {
        return rollup(prefix, delimiter, limit).page(new CountingCursor(keys));
    }

    @Test
    void whatAPrefixHidesCostsOneStep() {
        List<String> keys = new ArrayList<>();
        for (String folder : List.of("a/", "b/", "c/")) {
            for (int i = 0; i < HIDDEN; i++) {
                keys.add(folder + i);
            }
        }
        CountingCursor cursor = new CountingCursor(keys);
        Rollup.Page<String> page = rollup("", "/", 1000).page(cursor);
        assertThat(page.entries())
                .containsExactly(
                        new Entry.CommonPrefix<>("a/"), new Entry.CommonPrefix<>("b/"), new Entry.CommonPrefix<>("c/"));
        assertThat(cursor.steps).isEqualTo(3);
        assertThat(cursor.linesMade).isZero();
    }

    @Test
    void aPageEndsBehindItsLastLine() {
        CountingCursor cursor = new CountingCursor(List.of("a", "b", "c", "d"));
        Rollup.Page<String> page = rollup("", "/", 2).page(cursor);
        assertThat(page).isEqualTo(new Rollup.Page<>(List.of(new Entry.Item<>("a"), new Entry.Item<>("b")), true, "b"));
        assertThat(cursor.linesMade).isEqualTo(2);
    }

    @Test
    void aFullPageIsNotTruncatedWhenOnlyHiddenKeysFollow() {
        assertThat(page(List.of("a", "b/1", "b/2"), "", "/", 2))
                .isEqualTo(
                        new Rollup.Page<>(List.of(new Entry.Item<>("a"), new Entry.CommonPrefix<>("b/")), false, "b/"));
        assertThat(page(List.of("a", "b/1", "b/2", "b0"), "", "/", 2).truncated())
                .isTrue();
    }

    @Test
    void nothingIsOnAPageOfNoLines() {
        assertThat(page(List.of("a"), "", "", 0)).isEqualTo(new Rollup.Page<>(List.of(), false, ""));
    }

    @Test
    void aDelimiterInThePrefixDoesNotCount() {
        assertThat(page(List.of("x/y/1", "x/y/2/3", "x/y/4"), "x/y/", "/", 10).entries())
                .containsExactly(
                        new Entry.Item<>("x/y/1"), new Entry.CommonPrefix<>("x/y/2/"), new Entry.Item<>("x/y/4"));
        assertThat(page(List.of("x/y/1", "x/y/2/3"), "x", "/", 10).entries())
                .containsExactly(new Entry.CommonPrefix<>("x/"));
    }

    @Test
    void aDelimiterOfManyBytesCountsAsAWhole() {
        assertThat(page(List.of("a-b", "a--", "a--b", "a---"), "", "--", 10).entries())
                .containsExactly(new Entry.CommonPrefix<>("a--"), new Entry.Item<>("a-b"));
        assertThat(page(List.of("a😀1", "a😀2", "a😁"), "", "😀", 10).entries())
                .containsExactly(new Entry.CommonPrefix<>("a😀"), new Entry.Item<>("a😁"));
    }

    @Test
    void aDelimiterMayBeginInThePrefixButNotCount() {
        assertThat(page(List.of("a-", "a--", "a---"), "a-", "--", 10).entries())
                .containsExactly(new Entry.Item<>("a-"), new Entry.Item<>("a--"), new Entry.CommonPrefix<>("a---"));
    }

    @Test
    void aPageStartsBehindAKeyOrAWholeCommonPrefix() {
        Rollup slash = rollup("p", "/", 10);
        assertThat(slash.startBehind(Keys.utf8(""))).isEqualTo(Keys.utf8("p"));
        assertThat(slash.startBehind(Keys.utf8("o"))).isEqualTo(Keys.utf8("p"));
        assertThat(slash.startBehind(Keys.utf8("pa"))).isEqualTo(Keys.utf8("pa\0"));
        assertThat(slash.startBehind(Keys.utf8("pa/"))).isEqualTo(Keys.utf8("pa0"));
        assertThat(slash.startBehind(Keys.utf8("pa/b"))).isEqualTo(Keys.utf8("pa/b\0"));
        assertThat(slash.startBehind(Keys.utf8("pa/b/"))).isEqualTo(Keys.utf8("pa/b/\0"));
        assertThat(rollup("pa/", "/", 10).startBehind(Keys.utf8("pa/"))).isEqualTo(Keys.utf8("pa/\0"));
        assertThat(rollup("", "", 10).startBehind(Keys.utf8("a/"))).isEqualTo(Keys.utf8("a/\0"));
    }
}
