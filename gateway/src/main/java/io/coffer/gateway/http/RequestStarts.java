package io.coffer.gateway.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Starts the requests that an event loop found in one round together, at the round's end: one wake of another thread for all of them, where
 * each by itself would wake one and, on a busy machine, take the processor from the loop. Thread-safe.
 */
final class RequestStarts {
    private final Executor threads;

    private final FastThreadLocal<List<Runnable>> gathered = new FastThreadLocal<>() {
        @Override
        protected List<Runnable> initialValue() {
            return new ArrayList<>();
        }
    };

    /** @param threads runs one request each on a thread that may block */
    RequestStarts(Executor threads) {
        this.threads = threads;
    }

    /** @param loop the caller's thread */
    void start(EventLoop loop, Runnable request) {
        List<Runnable> round = gathered.get();
        round.add(request);
        if (round.size() == 1) {
            loop.execute(this::startAll);
        }
    }

    private void startAll() {
        List<Runnable> round = gathered.get();
        List<Runnable> requests = List.copyOf(round);
        round.clear();
        threads.execute(() -> {
            for (Runnable request : requests.subList(1, requests.size())) {
                threads.execute(request);
            }
            requests.getFirst().run();
        });
    }
}
