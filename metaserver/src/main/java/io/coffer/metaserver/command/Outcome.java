package io.coffer.metaserver.command;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;

/** What became of one command of a batch. */
public sealed interface Outcome {
    /** It was applied. */
    record Applied(Reply reply) implements Outcome {}

    /** The rules refused it; nothing changed. */
    record Refused(RefusedException why) implements Outcome {}
}
