package io.coffer.metaserver.query;

import io.coffer.common.metadata.Reply.Entry;
import io.coffer.metaserver.store.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes a page of lines and common prefixes. A prefix that is rolled up is left behind with one seek, so that a page costs
 * what it returns, not what it hides.
 */
final class Rollup {
    private final byte[] prefix;
    private final byte[] delimiter;
    private final int limit;

    /** A page. {@code last} is the last key or prefix on it; empty when there is none. */
    record Page<T>(List<Entry<T>> entries, boolean truncated, String last) {}

    Rollup(byte[] prefix, byte[] delimiter, int limit) {
        this.prefix = prefix;
        this.delimiter = delimiter;
        this.limit = limit;
    }

    <T> Page<T> page(LineCursor<T> lines) {
        List<Entry<T>> entries = new ArrayList<>(limit);
        byte[] last = {};
        while (lines.valid() && entries.size() < limit) {
            last = lines.key();
            int end = commonPrefixEnd(last);
            if (end < 0) {
                entries.add(new Entry.Item<>(lines.line()));
                lines.next();
            } else {
                last = Arrays.copyOf(last, end);
                entries.add(new Entry.CommonPrefix<>(text(last)));
                leave(lines, last);
            }
        }
        return new Page<>(entries, lines.valid() && limit > 0, text(last));
    }

    private static <T> void leave(LineCursor<T> lines, byte[] commonPrefix) {
        byte[] behind = Keys.successor(commonPrefix);
        if (behind == null) {
            throw new IllegalStateException("no UTF-8 consists of 0xff alone");
        }
        lines.skipTo(behind);
    }

    /** Where the common prefix of a key ends; negative when it has none. */
    int commonPrefixEnd(byte[] key) {
        if (delimiter.length > 0) {
            byte first = delimiter[0];
            for (int i = prefix.length; i <= key.length - delimiter.length; i++) {
                if (key[i] == first && Arrays.equals(key, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                    return i + delimiter.length;
                }
            }
        }
        return -1;
    }

    /** The first key of the page that comes behind {@code after}: a key, or a whole common prefix; empty for the beginning. */
    byte[] startBehind(byte[] after) {
        if (after.length == 0) {
            return prefix;
        }
        byte[] behind = Keys.startsWith(after, prefix) && commonPrefixEnd(after) == after.length
                ? Keys.successor(after)
                : Keys.after(after);
        return behind != null && Arrays.compareUnsigned(behind, prefix) > 0 ? behind : prefix;
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
