package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.time.WallClock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Calls to the groups that wait for the answer. Nothing is repeated here: every command of this package can be given again, so a
 * step that failed is simply run again later.
 */
final class Calls {
    private final MetadataClient client;
    private final WallClock clock;
    private final RandomGenerator random;

    Calls(MetadataClient client, WallClock clock, RandomGenerator random) {
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    <R extends Reply> R ask(GroupId group, Query<R> query)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        return await(client.query(group, query));
    }

    <R extends Reply> R tell(GroupId group, Command<R> command)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        return await(client.submit(group, RequestId.create(client.birthMillis(clock.millis()), random), command));
    }

    ClusterMap map() throws MetadataUnavailableException, RefusedException, InterruptedException {
        return ask(GroupId.SYSTEM, new SystemQuery.GetClusterMap()).map();
    }

    long now() {
        return clock.millis();
    }

    private static <R> R await(CompletableFuture<R> answer)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        try {
            return answer.get(Limits.CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedException refused -> throw refused;
                case MetadataUnavailableException unavailable -> throw unavailable;
                case null, default -> throw new IllegalStateException("a metadata call failed with a bug", e);
            }
        } catch (TimeoutException e) {
            throw new MetadataUnavailableException("no answer in time", e);
        }
    }
}
