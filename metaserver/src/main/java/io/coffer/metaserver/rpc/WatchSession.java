package io.coffer.metaserver.rpc;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.wire.MapUpdates;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One process that watches the cluster map, served by a thread of its own. It sends no faster than the other side takes; whoever is
 * too slow for the changes that are kept gets the whole map instead. It ends when this server can't tell how old its map is.
 */
final class WatchSession implements Runnable {
    private final MapFeed feed;
    private final Supplier<Optional<ConsensusGroup>> systemGroup;
    private final ServerCallStreamObserver<MapUpdate> out;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long sent;

    /** @param revision that the other side has */
    WatchSession(
            MapFeed feed,
            Supplier<Optional<ConsensusGroup>> systemGroup,
            ServerCallStreamObserver<MapUpdate> out,
            long revision) {
        this.feed = feed;
        this.systemGroup = systemGroup;
        this.out = out;
        this.sent = revision;
        out.setOnReadyHandler(this::wake);
        out.setOnCancelHandler(this::wake);
    }

    private void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            if (serve()) {
                out.onError(Status.ABORTED
                        .withDescription("this server doesn't hear from the system group's leader, or closes")
                        .asRuntimeException());
            }
        } catch (InterruptedException e) {
            out.onError(Status.ABORTED.withDescription("the server closes").asRuntimeException());
        }
    }

    /** False if nobody listens any more. */
    private boolean serve() throws InterruptedException {
        while (true) {
            Optional<ConsensusGroup> group =
                    systemGroup.get().filter(member -> member.leader().isPresent());
            if (group.isEmpty()) {
                return true;
            }
            MapFeed.Next next = feed.after(sent, Limits.STILL_THERE);
            if (next instanceof MapFeed.Next.End) {
                return true;
            }
            boolean listening = switch (next) {
                case MapFeed.Next.Nothing() -> send(sent, List.of(still()));
                case MapFeed.Next.Step(MapFeed.Change change) -> send(change.revision(), change.messages());
                case MapFeed.Next.TooOld() -> sendAll(group.get());
                case MapFeed.Next.End() -> false;
            };
            if (!listening) {
                return false;
            }
        }
    }

    private MapUpdate still() {
        return MapUpdate.newBuilder().setFrom(sent).setRevision(sent).build();
    }

    private boolean sendAll(ConsensusGroup group) throws InterruptedException {
        try {
            ClusterMap map = group.answer(new SystemQuery.GetClusterMap()).map();
            return send(map.revision(), MapUpdates.encode(ClusterMapDelta.full(map)));
        } catch (MetadataUnavailableException | RefusedException e) {
            out.onError(Status.ABORTED.withDescription(e.getMessage()).asRuntimeException());
            return false;
        }
    }

    private boolean send(long revision, List<MapUpdate> messages) throws InterruptedException {
        for (MapUpdate message : messages) {
            if (!awaitReady()) {
                return false;
            }
            out.onNext(message);
        }
        sent = revision;
        return true;
    }

    private boolean awaitReady() throws InterruptedException {
        long left = Limits.WATCHER_PATIENCE.toNanos();
        lock.lockInterruptibly();
        try {
            while (!out.isReady() && !out.isCancelled()) {
                if (left <= 0) {
                    out.onError(Status.ABORTED.withDescription("too slow").asRuntimeException());
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return !out.isCancelled();
        } finally {
            lock.unlock();
        }
    }
}
