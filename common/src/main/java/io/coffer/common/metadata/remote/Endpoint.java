package io.coffer.common.metadata.remote;

import io.coffer.common.time.Ticker;
import io.coffer.proto.rpc.MetadataGrpc;
import io.coffer.proto.rpc.MetadataMessages.PingReply;
import io.coffer.proto.rpc.MetadataMessages.PingRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One metaserver, as a caller sees it: at most one connection at a time, a new one after a failure. gRPC's own keep-alive is no
 * help, as it waits for ten seconds at least; so a connection that owes answers and is silent is pinged. Thread-safe.
 */
final class Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final String address;
    private final Connector connector;
    private final Ticker ticker;
    private final GroupTime time;
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable Connection connection;
    private boolean closed;
    private int failures;

    /** Whether it was silent and has not answered since: a stopped process still takes connections, and calls to it would hang. */
    private boolean suspect;

    private long usableFromNanos;

    /** A channel, until it fails. */
    static final class Connection {
        private final ManagedChannel channel;
        private final MetadataGrpc.MetadataStub stub;
        private final Ticker ticker;
        private final GroupTime time;

        // Under the connection's own lock.
        private @Nullable Exchange exchange;

        // Under the endpoint's lock.
        private int owed;
        private long heardNanos;
        private boolean pinging;

        private Connection(ManagedChannel channel, Ticker ticker, GroupTime time) {
            this.channel = channel;
            this.stub = MetadataGrpc.newStub(channel);
            this.ticker = ticker;
            this.time = time;
        }

        /** The stream of commands and queries. */
        synchronized Exchange exchange() {
            Exchange open = exchange;
            if (open == null || !open.isOpen()) {
                open = new Exchange(ticker, time);
                stub.withExecutor(Runnable::run).exchange(open);
                exchange = open;
            }
            return open;
        }

        private synchronized @Nullable Exchange begun() {
            return exchange;
        }

        MetadataGrpc.MetadataStub stub() {
            return stub;
        }

        /** For other services of the same server. */
        ManagedChannel channel() {
            return channel;
        }
    }

    /** @param time that its answers tell of */
    Endpoint(String address, Connector connector, Ticker ticker, GroupTime time) {
        this.address = address;
        this.connector = connector;
        this.ticker = ticker;
        this.time = time;
        this.usableFromNanos = ticker.nanos();
    }

    String address() {
        return address;
    }

    /** Whether it is worth a try now. */
    boolean isUsable() {
        lock.lock();
        try {
            return !closed && !suspect && usableFromNanos - ticker.nanos() <= 0;
        } finally {
            lock.unlock();
        }
    }

    /** The connection, made if there is none. Null when closed, or when the address is none. */
    @Nullable
    Connection connect() {
        lock.lock();
        try {
            if (connection == null && !closed) {
                connection = open();
            }
            return connection;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Connection open() {
        try {
            return new Connection(
                    connector
                            .to(address)
                            .executor(Thread::startVirtualThread)
                            .maxInboundMessageSize(MetadataGrpcLimits.ANSWER_BYTES + MetadataGrpcLimits.ENVELOPE_BYTES)
                            .disableRetry()
                            .build(),
                    ticker,
                    time);
        } catch (RuntimeException e) {
            // The map may name anything; who registered it is to blame, and must not stop the calls to others.
            LOG.warn("there is no connection to metaserver {}", address, e);
            usableFromNanos = ticker.nanos() + Limits.LONGEST_BACKOFF.toNanos();
            return null;
        }
    }

    /** A connection that now owes an answer: every caller ends with {@link #answered} or {@link #failed}. Null when closed. */
    @Nullable
    Connection begin() {
        lock.lock();
        try {
            Connection open = connect();
            if (open != null && open.owed++ == 0) {
                open.heardNanos = ticker.nanos();
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** It has answered, whatever the answer. */
    void answered(Connection from) {
        lock.lock();
        try {
            from.owed--;
            heard(from);
        } finally {
            lock.unlock();
        }
    }

    /** Something else arrived. */
    void heard(Connection from) {
        lock.lock();
        try {
            from.heardNanos = ticker.nanos();
            if (from == connection) {
                failures = 0;
                suspect = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** No answer will come from this connection any more: the next call makes another one, a little later. */
    void failed(Connection broken, String why) {
        lock.lock();
        try {
            broken.owed--;
            drop(broken, why);
        } finally {
            lock.unlock();
        }
    }

    /** The same of a connection that owes nothing. */
    void broken(Connection broken, String why) {
        lock.lock();
        try {
            drop(broken, why);
        } finally {
            lock.unlock();
        }
    }

    private void drop(Connection broken, String why) {
        if (broken != connection) {
            return;
        }
        connection = null;
        long backoff = Math.min(
                Limits.LONGEST_BACKOFF.toNanos(), Limits.FIRST_BACKOFF.toNanos() << Math.min(failures, Byte.SIZE));
        if (failures++ == 0) {
            LOG.info("metaserver {} can't be reached: {}", address, why);
        }
        usableFromNanos = ticker.nanos() + backoff;
        broken.channel.shutdownNow();
    }

    /** Looks for calls whose time is up, and asks a silent server whether it is alive. Call it a few times per second. */
    void tick() {
        Connection asked;
        lock.lock();
        try {
            expire(connection);
            asked = suspect && usableFromNanos - ticker.nanos() <= 0 ? connect() : connection;
            if (asked == null || asked.pinging || !suspect && !isSilent(asked)) {
                return;
            }
            asked.pinging = true;
        } finally {
            lock.unlock();
        }
        asked.stub
                .withDeadlineAfter(Limits.PING_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                .ping(PingRequest.getDefaultInstance(), new Pong(asked));
    }

    private static void expire(@Nullable Connection open) {
        Exchange begun = open == null ? null : open.begun();
        if (begun != null) {
            begun.expire();
        }
    }

    private boolean isSilent(Connection owing) {
        return owing.owed > 0 && ticker.nanos() - owing.heardNanos >= Limits.SILENCE.toNanos();
    }

    private final class Pong implements StreamObserver<PingReply> {
        private final Connection pinged;

        Pong(Connection pinged) {
            this.pinged = pinged;
        }

        @Override
        public void onNext(PingReply reply) {}

        @Override
        public void onCompleted() {
            lock.lock();
            try {
                pinged.pinging = false;
                heard(pinged);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void onError(Throwable why) {
            lock.lock();
            try {
                pinged.pinging = false;
                suspect |= pinged == connection;
                drop(pinged, "it doesn't answer");
            } finally {
                lock.unlock();
            }
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            Connection open = connection;
            connection = null;
            if (open != null) {
                open.channel.shutdownNow();
            }
        } finally {
            lock.unlock();
        }
    }
}
