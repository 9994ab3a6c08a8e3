package io.coffer.dataserver.disk;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers the commits of a disk, and knows up to which number all have finished. Thread-safe.
 *
 * <p>Every record header carries that knowledge, so that after a crash a record that doesn't verify is known to be either torn
 * (it never finished) or rotten (it had).
 */
final class CommitSequence {
    /** Unfinished ones in the order they began; guarded by this. */
    private final Map<Long, CommitTicket> unfinished = new LinkedHashMap<>();

    private long next;

    CommitSequence(long next) {
        this.next = next;
    }

    /** To be given back by {@link #finish} whatever happens. */
    synchronized CommitTicket begin() {
        CommitTicket ticket = new CommitTicket(next, durableBefore());
        unfinished.put(next, ticket);
        next++;
        return ticket;
    }

    synchronized void finish(CommitTicket ticket) {
        unfinished.remove(ticket.sequence());
    }

    synchronized long durableBefore() {
        return unfinished.isEmpty() ? next - 1 : unfinished.keySet().iterator().next() - 1;
    }

    synchronized long next() {
        return next;
    }

    /** Continues behind the highest number a start found. */
    synchronized void continueAt(long sequence) {
        next = Math.max(next, sequence);
    }
}
