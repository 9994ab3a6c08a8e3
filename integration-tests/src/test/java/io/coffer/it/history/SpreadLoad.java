package io.coffer.it.history;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;

/**
 * Clients that send random requests to several gateways, and turn to the next one when a request got no answer, as clients behind a
 * load balancer do. They think between two requests, so that the processes of a cluster on one machine, above all those that start,
 * have processor time left.
 */
final class SpreadLoad {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_THOUGHT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong recentNanos = new AtomicLong();
    private volatile boolean stopped;

    /** @param connect makes a client with this number for one gateway */
    SpreadLoad(
            int clients,
            Random random,
            List<URI> gateways,
            BiFunction<Integer, URI, RecordingClient> connect,
            RandomLoad.Request request) {
        for (int i = 0; i < clients; i++) {
            int number = i;
            Random own = new Random(random.nextLong());
            threads.add(Thread.ofPlatform().name("client-" + number).start(() -> {
                List<RecordingClient> connected = gateways.stream()
                        .map(gateway -> connect.apply(number, gateway))
                        .toList();
                try {
                    run(connected, number, own, request);
                } catch (AssertionError wrong) {
                    failures.add(wrong);
                } finally {
                    connected.forEach(RecordingClient::close);
                }
            }));
        }
    }

    private void run(List<RecordingClient> gateways, int number, Random random, RandomLoad.Request request) {
        int turn = number;
        long answeredNanos = System.nanoTime();
        while (!stopped) {
            boolean answered = request.send(gateways.get(Math.floorMod(turn, gateways.size())), random);
            long now = System.nanoTime();
            if (answered) {
                waited(now - answeredNanos);
                LockSupport.parkNanos(random.nextLong(LONGEST_THOUGHT_NANOS));
                answeredNanos = System.nanoTime();
            } else {
                turn++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        waited(System.nanoTime() - answeredNanos);
    }

    private void waited(long nanos) {
        longestNanos.accumulateAndGet(nanos, Math::max);
        recentNanos.accumulateAndGet(nanos, Math::max);
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

    /** The longest that a client was without an answer, its tries with all gateways counted together. */
    Duration longestWithoutAnswer() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** The same, of waits that ended since this was asked last. */
    Duration longestRecently() {
        return Duration.ofNanos(recentNanos.getAndSet(0));
    }
}
