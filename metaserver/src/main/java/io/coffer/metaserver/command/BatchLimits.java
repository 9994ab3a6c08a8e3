package io.coffer.metaserver.command;

import java.time.Duration;

/**
 * The bounds of one group's batcher. The defaults are measured; see {@code docs/decisions} under "Raft settings".
 *
 * @param commandBytes of one encoded command; a larger one is refused
 * @param batchBytes of one proposal
 * @param batchCommands of one proposal
 * @param inFlight proposals that are not applied yet
 * @param eagerCommands waiting commands from which on a second and further proposal may go out, if they are half as many as those in
 *     flight; below, they wait for one in flight to return, as a proposal costs far more than a command in it
 * @param eagerBytes the same, in bytes
 * @param waitingCommands commands that wait for a proposal; more are turned away
 * @param waitingBytes the same, in bytes
 * @param deadline after which a command fails, wherever it is
 */
public record BatchLimits(
        int commandBytes,
        int batchBytes,
        int batchCommands,
        int inFlight,
        int eagerCommands,
        int eagerBytes,
        int waitingCommands,
        long waitingBytes,
        Duration deadline) {
    public static final BatchLimits DEFAULTS =
            new BatchLimits(3 << 20, 1 << 20, 1024, 4, 32, 64 << 10, 16_384, 32L << 20, Duration.ofSeconds(10));
}
