package io.coffer.dataserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.time.WallClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Calls to the system group that wait for the answer. Nothing is repeated here: what this package tells can be told again under another
 * request id.
 */
public final class SystemGroup {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final MetadataClient client;
    private final WallClock clock;
    private final RandomGenerator random;

    /** @param random thread-safe */
    public SystemGroup(MetadataClient client, WallClock clock, RandomGenerator random) {
        this.client = client;
        this.clock = clock;
        this.random = random;
    }

    <R extends Reply> R ask(SystemQuery<R> query)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        return await(client.query(GroupId.SYSTEM, query));
    }

    <R extends Reply> R tell(SystemCommand<R> command)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        return await(
                client.submit(GroupId.SYSTEM, RequestId.create(client.birthMillis(clock.millis()), random), command));
    }

    /** The cluster map as it is now. */
    ClusterMap map() throws MetadataUnavailableException, RefusedException, InterruptedException {
        return ask(new SystemQuery.GetClusterMap()).map();
    }

    private static <R> R await(CompletableFuture<R> answer)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        try {
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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
