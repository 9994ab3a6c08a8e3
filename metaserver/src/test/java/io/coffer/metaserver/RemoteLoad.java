package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts and reads by a client in one process through three metaservers in three others, on a real disk. A program, not a test: {@code
 * RemoteLoad DIRECTORY [seconds=5]}
 */
final class RemoteLoad {
    private static final int[] IN_FLIGHT = {1, 32, 256};
    private static final int MAX_SAMPLES = 1_000_000;
    private static final int KEYS = 10_000;

    private interface Call {
        void run(int n) throws Exception;
    }

    private RemoteLoad() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (MetaProcesses servers = new MetaProcesses(directory, 3, 1)) {
            for (int i = 0; i < 3; i++) {
                servers.start(i);
            }
            try (RemoteMetadataClient client = servers.client()) {
                servers.awaitGroups(client);
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                Call put = n ->
                        MetaCluster.tell(client, GROUP, Servers.put("key-" + n % KEYS, "etag", WriteCondition.NONE));
                Call get = n -> MetaCluster.ask(client, GROUP, Servers.get("key-" + n % KEYS));
                measure("warm", put, 64, seconds, false);
                for (int i = 0; i < KEYS; i++) {
                    put.run(i);
                    if (i % 64 == 0 && i > 640) {
                        break;
                    }
                }
                for (int inFlight : IN_FLIGHT) {
                    measure("put", put, inFlight, seconds, true);
                }
                for (int inFlight : IN_FLIGHT) {
                    measure("get", n -> get.run(n % 640), inFlight, seconds, true);
                }
                System.out.println("system group led by "
                        + client.watch()
                                .current()
                                .groups()
                                .get(GroupId.SYSTEM)
                                .members()
                                .getFirst());
            }
        }
        System.exit(0);
    }

    private static void measure(String what, Call call, int inFlight, int seconds, boolean print) throws Exception {
        long[] samples = new long[MAX_SAMPLES];
        AtomicInteger done = new AtomicInteger();
        CountDownLatch latch = new CountDownLatch(inFlight);
        long began = System.nanoTime();
        long end = began + seconds * 1_000_000_000L;
        for (int t = 0; t < inFlight; t++) {
            Thread.startVirtualThread(() -> {
                try {
                    for (long start; (start = System.nanoTime()) < end; ) {
                        call.run(done.get());
                        int n = done.getAndIncrement();
                        if (n < MAX_SAMPLES) {
                            samples[n] = System.nanoTime() - start;
                        }
                    }
                } catch (Exception e) {
                    e.printStackTrace();
                } finally {
                    latch.countDown();
                }
            });
        }
        latch.await();
        if (print) {
            double took = (System.nanoTime() - began) / 1e9;
            int count = Math.min(done.get(), MAX_SAMPLES);
            long[] sorted = Arrays.copyOf(samples, count);
            Arrays.sort(sorted);
            System.out.printf(
                    "%s %4d in flight: %8.0f/s  p50 %6.0f us  p99 %7.0f us%n",
                    what, inFlight, done.get() / took, sorted[count / 2] / 1e3, sorted[(int) (count * 0.99)] / 1e3);
        }
    }
}
