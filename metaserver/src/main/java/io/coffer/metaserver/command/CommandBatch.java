package io.coffer.metaserver.command;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import java.util.List;

/**
 * One entry of a group's log: commands that are applied one after the other, and become durable together.
 *
 * @param stampMicros the leader's clock, in microseconds since 1970, when it closed the batch
 * @param elapsedMicros since the same server closed its last batch, by a clock that can't be set; says something only if that was in the same term
 */
public record CommandBatch(long stampMicros, long elapsedMicros, List<Envelope> envelopes) {
    public CommandBatch {
        envelopes = List.copyOf(envelopes);
    }

    /** A command and the request that carries it. */
    public record Envelope(RequestId request, Command<?> command) {}
}
