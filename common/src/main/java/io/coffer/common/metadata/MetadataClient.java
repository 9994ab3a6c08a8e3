package io.coffer.common.metadata;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import java.util.concurrent.CompletableFuture;

/**
 * The metadata groups, called directly in one process or over the network. Thread-safe. Futures fail with
 * {@link RefusedException} or {@link MetadataUnavailableException} and nothing else.
 */
public interface MetadataClient {
    /**
     * Commits a command by a majority of its group. The reply is what the rules decided when it was applied; repeating the same
     * request id gives the same reply.
     */
    <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command);

    /** Answers from a state that contains every command acknowledged before the call (linearizable). */
    <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query);

    /**
     * When a request or extent that is made now should be born: a group's time never goes back, though the clocks of its hosts may have been
     * ahead and put right, and what seems older than it remembers is refused.
     *
     * @param nowMillis what the caller's clock says
     * @return no less than that, as far as this client knows the groups' time
     */
    default long birthMillis(long nowMillis) {
        return nowMillis;
    }
}
