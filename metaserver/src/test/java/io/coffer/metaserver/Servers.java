package io.coffer.metaserver;

import static org.awaitility.Awaitility.await;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.BucketCommand.OpenPartition;
import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Metaservers for tests, and what tests say to them. */
final class Servers {
    static final MetaServerIdentity IDENTITY = new MetaServerIdentity(
            ClusterId.parse("6f1c3a52-0d7e-4a8b-9c11-2f5d8e7a9b00"),
            NodeId.parse("11111111-2222-3333-4444-555555555555"));
    static final GroupId GROUP = new GroupId(1);
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final BucketId BUCKET = new BucketId(1);
    private static final PartitionId PARTITION = new PartitionId(1);
    private static final PartitionRef REF = new PartitionRef(BUCKET, PARTITION, 1);
    private static final Random RANDOM = new Random();

    private Servers() {}

    static MetaServerConfig config() {
        MetaServerConfig config = MetaServerConfig.alone(IDENTITY);
        return new MetaServerConfig(
                config.identity(),
                config.address(),
                config.groups(),
                config.raft(),
                config.batches(),
                16L << 20,
                8L << 20);
    }

    static MetaServer open(Path directory) throws Exception {
        return open(directory, config());
    }

    static MetaServer open(Path directory, MetaServerConfig config) throws Exception {
        MetaServer server = MetaServer.open(config, RealFileSystem.at(directory), WallClock.SYSTEM, Ticker.SYSTEM);
        server.awaitLeaders(PATIENCE);
        return server;
    }

    static <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    static RequestId request() {
        return RequestId.create(System.currentTimeMillis(), RANDOM);
    }

    static void openPartition(MetadataClient client) throws Exception {
        get(client.submit(GROUP, request(), openPartitionCommand()));
    }

    static OpenPartition openPartitionCommand() {
        return new OpenPartition(BUCKET, new Partition(PARTITION, "", "", GROUP, 1));
    }

    static PutObject put(String key, String etag, WriteCondition condition) {
        return new PutObject(
                REF,
                key,
                new AccountId("000000000001"),
                etag,
                etag.length(),
                null,
                new ObjectAttributes(Map.of(), Map.of()),
                new Payload.Inline(ByteBuffer.wrap(etag.getBytes(java.nio.charset.StandardCharsets.US_ASCII))),
                condition,
                Versioning.UNVERSIONED);
    }

    static GetObject get(String key) {
        return new GetObject(REF, key, VersionSelector.LATEST, BucketQuery.Window.NONE);
    }

    static String etag(MetadataClient client, String key) throws Exception {
        Reply.ObjectReply reply = get(client.query(GROUP, get(key)));
        return reply.version().etag();
    }

    /**
     * What a kill leaves of a directory that is in use: what is on disk, and nothing that was only in memory. Copies until nothing
     * moved meanwhile, as a kill takes no time. The caller has no command under way, so what may still move is a checkpoint's end and
     * RocksDB's own work: files come, go and grow, and none changes in place. So equal names and sizes mean that nothing moved.
     */
    static void copy(Path from, Path to) throws IOException {
        await().atMost(PATIENCE).ignoreExceptionsMatching(Servers::isMoved).until(() -> {
            Map<Path, Long> before = sizes(from);
            deleteAll(to);
            for (Path file : before.keySet()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
            return sizes(from).equals(before);
        });
    }

    private static boolean isMoved(Throwable e) {
        return e instanceof NoSuchFileException
                || e instanceof UncheckedIOException unchecked && unchecked.getCause() instanceof NoSuchFileException;
    }

    private static Map<Path, Long> sizes(Path root) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sizes.put(file, Files.size(file));
            }
        }
        return sizes;
    }

    private static void deleteAll(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
