package io.coffer.dataserver.disk;

import io.coffer.dataserver.format.Mark;

/** What waits for the next sync of a disk. */
sealed interface Pending {
    CommitOutcome outcome();

    /** A record that is written but not durable. */
    record Append(Region region, CommitTicket ticket, CommitOutcome outcome) implements Pending {}

    /** A mark that isn't even written: the committer puts those of a group into one record. */
    record Marking(Mark mark, CommitOutcome outcome) implements Pending {}
}
