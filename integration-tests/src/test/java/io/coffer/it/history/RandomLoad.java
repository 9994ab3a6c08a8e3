package io.coffer.it.history;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Clients that send random requests to wherever the server is now. One whose request got no answer waits for the next server, so
 * that each break leaves at most one request of each client in doubt.
 */
final class RandomLoad {
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** Picks the next request of a client. Returns whether it was answered. */
    @FunctionalInterface
    interface Request {
        boolean send(RecordingClient client, Random random);
    }

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private volatile @Nullable URI endpoint;

    /**
     * Starts the clients; they wait for {@link #moveTo}.
     *
     * @param connect makes a client with this number
     */
    RandomLoad(int clients, Random random, BiFunction<Integer, URI, RecordingClient> connect, Request request) {
        for (int i = 0; i < clients; i++) {
            int number = i;
            Random own = new Random(random.nextLong());
            threads.add(Thread.ofPlatform()
                    .name("client-" + number)
                    .start(() -> run(at -> connect.apply(number, at), own, request)));
        }
    }

    void moveTo(URI server) {
        endpoint = server;
    }

    /** There is no server: requests in flight end as they may. */
    void pause() {
        endpoint = null;
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Wrong bytes that a client got. */
    List<AssertionError> failures() {
        return List.copyOf(failures);
    }

    private void run(Function<URI, RecordingClient> connect, Random random, Request request) {
        URI before = null;
        while (!stopped) {
            URI at = endpoint;
            if (at == null || at.equals(before)) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
                continue;
            }
            before = at;
            try (RecordingClient client = connect.apply(at)) {
                while (!stopped && at.equals(endpoint)) {
                    if (!request.send(client, random)) {
                        break;
                    }
                }
            } catch (AssertionError wrong) {
                failures.add(wrong);
                return;
            }
        }
    }
}
