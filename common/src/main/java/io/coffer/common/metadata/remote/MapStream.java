package io.coffer.common.metadata.remote;

import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of map updates, taken one by one: the server sends no more than a few ahead. For one thread. */
final class MapStream implements ClientResponseObserver<WatchMapRequest, MapUpdate> {
    /** Holds what was asked for, and the end. */
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private @Nullable ClientCallStreamObserver<WatchMapRequest> call;
    private @Nullable Status end;

    private record Event(
            @Nullable MapUpdate update, @Nullable Status end) {}

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchMapRequest> requestStream) {
        call = requestStream;
        requestStream.disableAutoRequestWithInitial(Limits.WATCH_WINDOW);
    }

    @Override
    public void onNext(MapUpdate update) {
        events.add(new Event(update, null));
    }

    @Override
    public void onError(Throwable why) {
        events.add(new Event(null, Status.fromThrowable(why)));
    }

    @Override
    public void onCompleted() {
        events.add(new Event(null, Status.OK));
    }

    /** Empty at the end of the stream, and if there is none in time. */
    Optional<MapUpdate> next(Duration atMost) throws InterruptedException {
        if (end != null) {
            return Optional.empty();
        }
        Event event = atMost.isZero() ? events.poll() : events.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null) {
            return Optional.empty();
        }
        end = event.end();
        if (call != null && event.update() != null) {
            call.request(1);
        }
        return Optional.ofNullable(event.update());
    }

    /** Why the stream gave no more. */
    String failure() {
        return end == null ? "silent" : end.getCode() + ", " + end.getDescription();
    }

    /** Whether the connection is of no use to others either, rather than that the server ended the stream. */
    boolean isConnectionBroken() {
        // Who says that this node may not watch is there, and says so to calls, too.
        return end == null
                || !end.isOk()
                        && end.getCode() != Status.Code.ABORTED
                        && end.getCode() != Status.Code.PERMISSION_DENIED;
    }

    void cancel() {
        if (call != null && end == null) {
            call.cancel("no longer listened to", null);
        }
    }
}
