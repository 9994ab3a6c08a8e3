package io.coffer.common.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.cluster.Node;
import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.config.HostPort;
import io.coffer.common.io.FileSystem;
import io.coffer.common.time.WallClock;
import io.coffer.proto.rpc.CertificatesGrpc;
import io.coffer.proto.rpc.JoinMessages.RenewRequest;
import io.coffer.proto.rpc.JoinMessages.RenewResponse;
import io.grpc.StatusRuntimeException;
import java.io.Closeable;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this node's identity and renews it, each time with a new key: after two thirds of its life, a little earlier by chance so that
 * nodes that joined together don't all come at once. A failed renewal is tried again until the certificate has expired; from then on
 * only a token helps. Thread-safe; one thread of its own.
 */
public final class CertificateRenewal implements Supplier<NodeIdentity>, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    /** Checks per life: a hundred days' certificate is looked at daily, and never less often than {@link #LONGEST_PAUSE}. */
    private static final int CHECKS = 100;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

    /** The part of a life by which chance may move a renewal. */
    private static final int JITTER_PART = 20;

    private final FileSystem keys;
    private final Supplier<List<String>> hosts;
    private final Supplier<List<HostPort>> metaservers;
    private final WallClock clock;
    private final SecureRandom random;
    private final ClusterTls tls = new ClusterTls(this);

    private volatile Current current;
    private @Nullable ScheduledExecutorService thread;

    /** An identity, and when to renew it. */
    private record Current(NodeIdentity identity, Instant due) {}

    /**
     * @param keys where {@code identity} is kept
     * @param hosts names and addresses at which others reach this node
     * @param metaservers those that are known, asked in turn
     */
    public CertificateRenewal(
            NodeIdentity identity,
            FileSystem keys,
            Supplier<List<String>> hosts,
            Supplier<List<HostPort>> metaservers,
            WallClock clock,
            SecureRandom random) {
        this.keys = keys;
        this.hosts = hosts;
        this.metaservers = metaservers;
        this.clock = clock;
        this.random = random;
        this.current = current(identity);
    }

    private Current current(NodeIdentity identity) {
        Duration life = identity.life();
        Duration early = life.dividedBy(3)
                .plusMillis(random.nextLong(life.dividedBy(JITTER_PART).toMillis() + 1));
        return new Current(identity, identity.expires().minus(early));
    }

    @Override
    public NodeIdentity get() {
        return current.identity();
    }

    /** When the next renewal is due. */
    public Instant due() {
        return current.due();
    }

    /** Starts to look, from time to time, whether it is time. */
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("started already");
        }
        long pause = Math.clamp(
                get().life().dividedBy(CHECKS).toMillis(), SHORTEST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis());
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new NamedThreads("certificate-renewal"));
        started.scheduleWithFixedDelay(this::check, 0, pause, TimeUnit.MILLISECONDS);
        thread = started;
    }

    private void check() {
        try {
            renewIfDue();
        } catch (IOException | RuntimeException e) {
            LOG.error("could not renew the certificate of {}", get(), e);
        }
    }

    /**
     * Renews the identity if it is time.
     *
     * @return whether it was renewed
     * @throws IOException if the new one can't be kept; the old one stays
     */
    public boolean renewIfDue() throws IOException {
        Current old = current;
        if (clock.now().isBefore(old.due())) {
            return false;
        }
        if (!clock.now().isBefore(old.identity().expires())) {
            LOG.error("the certificate of {} has expired: this node must join again, with a token", old.identity());
            return false;
        }
        KeyPair pair = CertificateAuthority.newKeys(random);
        RenewRequest request = RenewRequest.newBuilder()
                .addAllHosts(hosts.get())
                .setCertificateRequest(ByteString.copyFrom(
                        CertificateRequest.make(pair, old.identity().node())))
                .build();
        for (HostPort metaserver : metaservers.get()) {
            try {
                NodeIdentity renewed = accept(ask(metaserver, request), pair, old.identity());
                renewed.save(keys);
                current = current(renewed);
                LOG.info("renewed the certificate of {}", renewed);
                return true;
            } catch (StatusRuntimeException | CertificateException e) {
                LOG.warn("could not renew the certificate of {} at {}: {}", old.identity(), metaserver, e.getMessage());
            }
        }
        return false;
    }

    private RenewResponse ask(HostPort metaserver, RenewRequest request) {
        try (ShortChannel channel = ShortChannel.open(metaserver, tls.channel(Node.Role.METASERVER))) {
            return CertificatesGrpc.newBlockingStub(channel.channel())
                    .withDeadlineAfter(ShortChannel.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .renew(request);
        }
    }

    private static NodeIdentity accept(RenewResponse response, KeyPair pair, NodeIdentity old)
            throws CertificateException {
        NodeIdentity renewed = IssuedChain.identity(pair.getPrivate(), response.getChainList(), old.authority());
        if (!renewed.self().equals(old.self())) {
            throw new CertificateException("the new certificate is of " + renewed.self());
        }
        return renewed;
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
