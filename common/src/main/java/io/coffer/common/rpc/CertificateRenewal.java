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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds this node's identity and renews it, each time with a new key: after two thirds of its life, a little earlier by chance so that
 * nodes that joined together don't all come at once; and at once if the certificate doesn't name where others reach the node by now. A
 * failed renewal is tried again until the certificate has expired; from then on only a token helps, or the authority itself. Thread-safe;
 * one thread of its own.
 */
public final class CertificateRenewal implements Supplier<NodeIdentity>, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

    /** Checks per life: a hundred days' certificate is looked at daily, and never less often than {@link #LONGEST_PAUSE}. */
    private static final int CHECKS = 100;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

    /** Between attempts while others can't trust this node where it is. */
    private static final Duration URGENT_PAUSE = Duration.ofSeconds(5);

    /** The part of a life by which chance may move a renewal. */
    private static final int JITTER_PART = 20;

    private final FileSystem keys;
    private final Supplier<List<String>> hosts;
    private final Supplier<List<HostPort>> metaservers;
    private final WallClock clock;
    private final SecureRandom random;
    private final ClusterTls tls;

    private volatile Current current;
    private @Nullable ScheduledExecutorService thread;

    /**
     * An identity, and when to renew it.
     *
     * @param urgent whether it doesn't name this node's hosts
     */
    private record Current(NodeIdentity identity, Instant due, boolean urgent) {}

    /**
     * @param keys where {@code identity} is kept
     * @param hosts names and addresses at which others reach this node
     * @param metaservers those that are known, asked in turn
     * @param clock the cluster's, where that is known
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
        this.tls = new ClusterTls(this, node -> false, clock);
        this.current = isNamed(identity) ? current(identity) : new Current(identity, Instant.MIN, true);
    }

    private boolean isNamed(NodeIdentity identity) {
        try {
            return identity.names(hosts.get());
        } catch (CertificateException e) {
            return false;
        }
    }

    private Current current(NodeIdentity identity) {
        Duration life = identity.life();
        Duration early = life.dividedBy(3)
                .plusMillis(random.nextLong(life.dividedBy(JITTER_PART).toMillis() + 1));
        return new Current(identity, identity.expires().minus(early), false);
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
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(new NamedThreads("certificate-renewal"));
        started.execute(() -> check(started));
        thread = started;
    }

    private void check(ScheduledExecutorService again) {
        try {
            renewIfDue();
        } catch (IOException | RuntimeException e) {
            LOG.error("could not renew the certificate of {}", get(), e);
        }
        try {
            again.schedule(() -> check(again), pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // closed
        }
    }

    private Duration pause() {
        Current now = current;
        long usual = Math.clamp(
                now.identity().life().dividedBy(CHECKS).toMillis(),
                SHORTEST_PAUSE.toMillis(),
                LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(now.urgent() ? Math.min(usual, URGENT_PAUSE.toMillis()) : usual);
    }

    /** Whether nobody trusts the certificate any more. */
    public boolean isExpired() {
        return !clock.now().isBefore(get().expires());
    }

    /**
     * Has the authority itself renew the identity if others don't trust it: it has expired, or doesn't name this node's hosts. For a
     * metaserver, which may be the first one to start, and has the authority in its own store.
     *
     * @throws IOException if the new one can't be made or kept; the old one stays
     */
    public synchronized void renewBy(CertificateAuthority authority, Duration life) throws IOException {
        Current old = current;
        if (!isExpired() && !old.urgent()) {
            return;
        }
        KeyPair pair = CertificateAuthority.newKeys(random);
        try {
            X509Certificate issued =
                    authority.reissue(pair.getPublic(), old.identity(), hosts.get(), clock.now(), life);
            replace(NodeIdentity.of(pair.getPrivate(), List.of(issued), authority.certificate()));
        } catch (CertificateException e) {
            throw new IOException("can't renew the certificate of " + old.identity() + ": " + e.getMessage(), e);
        }
    }

    /** Takes another identity of the same node, and keeps it. */
    public void replace(NodeIdentity renewed) throws IOException {
        if (!renewed.self().equals(get().self())) {
            throw new IOException("the new certificate is of " + renewed.self());
        }
        renewed.save(keys);
        current = current(renewed);
        LOG.info("renewed the certificate of {}", renewed);
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
        if (isExpired()) {
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
                replace(renewed);
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
