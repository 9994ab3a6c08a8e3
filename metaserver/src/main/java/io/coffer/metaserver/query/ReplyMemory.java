package io.coffer.metaserver.query;

import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Replies that hold until the next change. The revision is odd while a change is being committed, and then nothing is
 * answered from memory nor kept: a reader that has read its revision before its snapshot can't keep something older than
 * that revision, and nobody sees the old reply after somebody saw the new rows. Thread-safe; one thread changes.
 */
final class ReplyMemory {
    /** Replies kept; past it all are dropped. One is below a kilobyte. */
    private static final int MAX_REPLIES = 10_000;

    private record Remembered(Reply reply, long revision) {}

    private final ConcurrentHashMap<Query<?>, Remembered> replies = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();

    void startChange() {
        revision.incrementAndGet();
    }

    /** Does nothing when no change was started. */
    void endChange() {
        if (isChanging(revision.get())) {
            replies.clear();
            revision.incrementAndGet();
        }
    }

    long revision() {
        return revision.get();
    }

    @Nullable
    Reply get(Query<?> query, long now) {
        Remembered remembered = isChanging(now) ? null : replies.get(query);
        return remembered != null && remembered.revision() == now ? remembered.reply() : null;
    }

    /** @param read the revision before the snapshot that the reply was read from */
    void put(Query<?> query, Reply reply, long read) {
        if (!isChanging(read)) {
            if (replies.size() >= MAX_REPLIES) {
                replies.clear();
            }
            replies.put(query, new Remembered(reply, read));
        }
    }

    private static boolean isChanging(long revision) {
        return (revision & 1) != 0;
    }
}
