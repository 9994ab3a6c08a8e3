package io.coffer.deploy.node;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.time.WallClock;
import io.coffer.deploy.server.StartException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** Puts a process on the cluster map at its start. */
final class Registration {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final MetadataClient metadata;
    private final WallClock clock;
    private final RandomGenerator random;

    private Registration(MetadataClient metadata, WallClock clock, RandomGenerator random) {
        this.metadata = metadata;
        this.clock = clock;
        this.random = random;
    }

    static Registration of(MetadataClient metadata, WallClock clock, RandomGenerator random) {
        return new Registration(metadata, clock, random);
    }

    /** @throws StartException if the cluster doesn't take it, or no metaserver answers */
    void register(Node node) throws StartException, InterruptedException {
        Waiting.until("can't register: no metaserver answers", () -> {
            try {
                metadata.submit(
                                GroupId.SYSTEM,
                                RequestId.create(metadata.birthMillis(clock.millis()), random),
                                new SystemCommand.RegisterNode(node))
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                return Optional.of(true);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RefusedException refused && refused.refusal() != Refusal.REQUEST_TOO_OLD) {
                    throw new StartException("the cluster refuses this process: " + refused.getMessage(), refused);
                }
                // What was too old for the groups' time tells that time with its refusal.
                return Optional.empty();
            } catch (TimeoutException e) {
                return Optional.empty();
            }
        });
    }
}
