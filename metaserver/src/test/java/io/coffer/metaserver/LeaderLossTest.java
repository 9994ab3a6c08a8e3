package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;
import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three metaservers in three processes. Under load, the leader of a group is stopped in its tracks, goes on, is killed, starts again, and
 * ends in order, while clients read and write a few keys over the network: no write is lost or done twice, and none waits for long.
 */
final class LeaderLossTest {
    private static final int CLIENTS = 6;
    private static final int KEYS = 3;

    /** Elections take up to two seconds; a build machine may be busy. What it took is printed. */
    private static final Duration LONGEST_STALL = Duration.ofSeconds(15);

    private final List<VersionHistory> histories = new ArrayList<>();
    private final AtomicLong writes = new AtomicLong();
    private volatile long lastWriteNanos;
    private volatile boolean stopping;

    @TempDir
    Path directory;

    @Test
    void nothingIsLostAndNothingWaitsForLong() throws Exception {
        try (MetaProcesses servers = new MetaProcesses(directory, 3, 1)) {
            for (int i = 0; i < 3; i++) {
                servers.start(i);
            }
            try (RemoteMetadataClient client = servers.client()) {
                servers.awaitGroups(client);
                MetaCluster.tell(client, GROUP, Servers.openPartitionCommand());
                run(servers, client);
            }
        }
        for (VersionHistory history : histories) {
            assertThat(history.contradiction()).isNull();
            assertThat(history.operations()).isGreaterThan(20);
        }
    }

    private void run(MetaProcesses servers, RemoteMetadataClient client) throws Exception {
        for (int i = 0; i < KEYS; i++) {
            histories.add(new VersionHistory());
        }
        List<Thread> clients = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(i);
            String name = "client-" + i;
            clients.add(Thread.ofPlatform().name(name).start(() -> {
                try {
                    work(client, name, own);
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                }
            }));
        }
        awaitWrites(200);
        int frozen = leader(client);
        long stall = stall(() -> servers.freeze(frozen, true));
        System.out.printf("frozen leader: writes stood for %d ms%n", stall);
        assertThat(stall).isLessThan(LONGEST_STALL.toMillis());
        awaitWrites(100);
        servers.freeze(frozen, false);
        awaitWrites(200);
        int killed = leader(client);
        stall = stall(() -> servers.kill(killed));
        System.out.printf("killed leader: writes stood for %d ms%n", stall);
        assertThat(stall).isLessThan(LONGEST_STALL.toMillis());
        awaitWrites(100);
        servers.start(killed);
        awaitWrites(200);
        int ended = leader(client);
        stall = stall(() -> servers.end(ended));
        System.out.printf("leader ended in order: writes stood for %d ms%n", stall);
        assertThat(stall).isLessThan(LONGEST_STALL.toMillis());
        stopping = true;
        for (Thread thread : clients) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    /** The intended one, which leads unless it was just lost. */
    private static int leader(RemoteMetadataClient client) {
        return MetaProcesses.number(
                client.watch().current().groups().get(GROUP).members().getFirst());
    }

    private interface Fault {
        void happen() throws Exception;
    }

    /** For how long no write ended, in milliseconds. */
    private long stall(Fault fault) throws Exception {
        fault.happen();
        long longest = 0;
        long before = System.nanoTime();
        long began = before;
        while (System.nanoTime() - began < Duration.ofSeconds(6).toNanos() || lastWriteNanos - before <= 0) {
            long last = lastWriteNanos;
            if (last - before > 0) {
                longest = Math.max(longest, last - before);
                before = last;
            }
            if (System.nanoTime() - began > Duration.ofMinutes(1).toNanos()) {
                throw new IllegalStateException("no write succeeds any more");
            }
            LockSupport.parkNanos(1_000_000);
        }
        return Duration.ofNanos(longest).toMillis();
    }

    private void awaitWrites(int more) {
        long until = writes.get() + more;
        await().atMost(Servers.PATIENCE).until(() -> writes.get() >= until);
    }

    private void work(RemoteMetadataClient client, String name, Random random) {
        for (int n = 0; !stopping; n++) {
            int key = random.nextInt(KEYS);
            VersionHistory history = histories.get(key);
            long began = System.nanoTime();
            String etag = "";
            long version = 0;
            try {
                Reply.ObjectReply read = MetaCluster.ask(client, GROUP, Servers.get("key-" + key));
                etag = read.version().etag();
                version = read.version().version().sequence();
            } catch (RefusedException e) {
                // not written yet
            }
            long ended = System.nanoTime();
            synchronized (history) {
                history.read(etag, version, began, ended);
            }
            write(client, history, "key-" + key, name + "-" + n, random.nextBoolean() ? etag : null);
        }
    }

    /** @param expected what the object must still be; null for no condition */
    private void write(RemoteMetadataClient client, VersionHistory history, String key, String etag, String expected) {
        WriteCondition condition = expected == null
                ? WriteCondition.NONE
                : expected.isEmpty()
                        ? new WriteCondition(List.of(), List.of("*"))
                        : new WriteCondition(List.of(expected), List.of());
        String recorded = expected == null ? null : expected.isEmpty() ? "-" : expected;
        long began = System.nanoTime();
        try {
            Reply.PutReply reply = MetaCluster.tell(client, GROUP, put(key, etag, condition));
            long ended = System.nanoTime();
            synchronized (history) {
                history.wrote(etag, recorded, began, ended, reply.version().sequence());
            }
            writes.incrementAndGet();
            lastWriteNanos = ended;
        } catch (RefusedException e) {
            // another write came first
        }
    }
}
