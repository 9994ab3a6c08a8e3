package io.coffer.deploy.node;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The protection policy of buckets that name none: decided when the cluster is founded, kept as a named value of the system group. Its
 * bytes are the policy's text.
 */
final class DefaultPolicy {
    private static final String NAME = "default-policy";
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final MetadataClient metadata;

    DefaultPolicy(MetadataClient metadata) {
        this.metadata = metadata;
    }

    /** Empty while the cluster isn't founded, or no metaserver answers. */
    Optional<String> read() throws InterruptedException {
        try {
            ByteBuffer value = metadata.query(GroupId.SYSTEM, new SystemQuery.GetDocument(NAME))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .value();
            String policy = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
            ProtectionScheme.parse(policy);
            return Optional.of(policy);
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Decides it, unless that was done. Returns whether it is decided now. */
    boolean decide(String policy, long nowMillis, SecureRandom random) throws InterruptedException {
        try {
            metadata.submit(
                            GroupId.SYSTEM,
                            RequestId.create(metadata.birthMillis(nowMillis), random),
                            new SystemCommand.SetDocument(
                                    NAME, 0, ByteBuffer.wrap(policy.getBytes(StandardCharsets.UTF_8))))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RefusedException refused && refused.refusal() == Refusal.STALE_EPOCH;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
