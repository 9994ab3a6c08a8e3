package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.WriteCondition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients read and write a few keys while metaservers of a group of three stop and come back; the history is linearizable. */
final class LeaderChangesSeededTest {
    private static final int CLIENTS = 6;
    private static final int KEYS = 3;
    private static final int RESTARTS = 3;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final List<VersionHistory> histories = new ArrayList<>();
    private volatile boolean stopping;

    @TempDir
    Path directory;

    @Test
    void theHistoryIsLinearizable() throws Exception {
        System.out.println("LeaderChangesSeededTest -Dseed=" + seed);
        try (ThreeServers servers = new ThreeServers(directory)) {
            run(servers);
        }
        int operations = 0;
        for (VersionHistory history : histories) {
            assertThat(history.contradiction()).as("seed %d", seed).isNull();
            operations += history.operations();
        }
        System.out.println(operations + " operations");
        assertThat(operations).isGreaterThan(100);
    }

    private void run(ThreeServers servers) throws Exception {
        for (int i = 0; i < ThreeServers.COUNT; i++) {
            servers.start(i);
        }
        for (int i = 0; i < KEYS; i++) {
            histories.add(new VersionHistory());
        }
        Random random = new Random(seed);
        servers.submit(random, Servers.openPartitionCommand());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(seed + i);
            String name = "client-" + i;
            clients.add(Thread.ofPlatform().name(name).start(() -> work(servers, name, own)));
        }
        for (int i = 0; i < RESTARTS; i++) {
            int victim = servers.leaderOr(random.nextInt(ThreeServers.COUNT));
            servers.stop(victim);
            servers.submit(random, put("marker", "restart-" + i, WriteCondition.NONE));
            servers.start(victim);
            servers.submit(random, put("marker", "restarted-" + i, WriteCondition.NONE));
        }
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void work(ThreeServers servers, String name, Random random) {
        for (int n = 0; !stopping; n++) {
            int key = random.nextInt(KEYS);
            VersionHistory history = histories.get(key);
            long began = System.nanoTime();
            Optional<Reply.ObjectReply> read = servers.query(random, Servers.get("key-" + key));
            long ended = System.nanoTime();
            String etag = read.map(reply -> reply.version().etag()).orElse("");
            long version =
                    read.map(reply -> reply.version().version().sequence()).orElse(0L);
            synchronized (history) {
                history.read(etag, version, began, ended);
            }
            if (random.nextInt(3) == 0) {
                write(servers, history, "key-" + key, name + "-" + n, random.nextBoolean() ? etag : null, random);
            }
        }
    }

    /** @param expected what the object must still be; null for no condition */
    private void write(
            ThreeServers servers,
            VersionHistory history,
            String key,
            String etag,
            @Nullable String expected,
            Random random) {
        WriteCondition condition = expected == null
                ? WriteCondition.NONE
                : expected.isEmpty()
                        ? new WriteCondition(List.of(), List.of("*"))
                        : new WriteCondition(List.of(expected), List.of());
        String recorded = expected == null ? null : expected.isEmpty() ? "-" : expected;
        long began = System.nanoTime();
        try {
            Optional<Reply.PutReply> reply = servers.submit(random, put(key, etag, condition));
            long ended = System.nanoTime();
            if (reply.isPresent()) {
                synchronized (history) {
                    history.wrote(
                            etag, recorded, began, ended, reply.get().version().sequence());
                }
            }
        } catch (IllegalStateException e) {
            synchronized (history) {
                history.wrote(etag, recorded, began, VersionHistory.NEVER, -1);
            }
        }
    }
}
