package io.coffer.metaserver.machine;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.CommandBatchCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.query.BucketQueries;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.query.SystemQueries;
import io.coffer.metaserver.state.BucketState;
import io.coffer.metaserver.state.SystemState;
import io.coffer.metaserver.store.CrashImage;
import io.coffer.metaserver.store.Family;
import io.coffer.metaserver.store.GroupKind;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Snapshot;
import io.coffer.metaserver.store.StoreResources;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A machine with a log of one: every command is a batch that went through the codec. Time moves only by {@link #pass}. */
@NullMarked
public final class TestGroup implements AutoCloseable {
    public static final GroupId GROUP = new GroupId(1);
    public static final BucketId BUCKET = new BucketId(7);
    public static final AccountId OWNER = new AccountId("123456789012");
    public static final PartitionRef PARTITION = new PartitionRef(BUCKET, new PartitionId(3), 1);
    public static final String ETAG = "d41d8cd98f00b204e9800998ecf8427e";

    private static final long START_MILLIS = 1_760_000_000_000L;

    /** How far the group's clock may have run ahead of the test's, a microsecond per command. */
    private static final long CLOCK_LEAD_MILLIS = 1000;

    private static final Table.Codec<String> HEX = new Table.Codec<>() {
        @Override
        public byte[] encode(String value) {
            return HexFormat.of().parseHex(value);
        }

        @Override
        public String decode(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
    };

    private final StoreResources resources = new StoreResources(64 << 20, 32 << 20);
    private final SplittableRandom random = new SplittableRandom(1);
    private final String directory;
    private final GroupId group;
    private final List<CommandBatch> log;
    private final MapListener map;
    private GroupStore store;
    private GroupMachine machine;
    private long watchedMillis;
    private long term = 1;
    private long nowMillis = START_MILLIS;
    private long index;

    private TestGroup(Path directory, GroupId group, List<CommandBatch> log) {
        this(directory, group, log, MapListener.NONE);
    }

    private TestGroup(Path directory, GroupId group, List<CommandBatch> log, MapListener map) {
        this.map = map;
        this.directory = directory.toString();
        this.group = group;
        this.log = log;
        store = openStore();
        machine = openMachine();
    }

    public static TestGroup system(Path directory) {
        return new TestGroup(directory, GroupId.SYSTEM, new ArrayList<>());
    }

    /** @param map hears of the cluster map */
    public static TestGroup system(Path directory, MapListener map) {
        return new TestGroup(directory, GroupId.SYSTEM, new ArrayList<>(), map);
    }

    /** A bucket group that serves {@link #PARTITION}, all keys of {@link #BUCKET}. */
    public static TestGroup bucket(Path directory) throws RefusedException {
        return bucket(directory, new ArrayList<>());
    }

    /** A bucket group as it is on disk. */
    public static TestGroup existing(Path directory) {
        TestGroup test = new TestGroup(directory, GROUP, new ArrayList<>());
        test.index = test.machine.applied().index() + 1;
        return test;
    }

    /** The same for the keys of a range. */
    public static TestGroup bucket(Path directory, String start, String end) throws RefusedException {
        TestGroup test = new TestGroup(directory, GROUP, new ArrayList<>());
        test.tell(openPartition(start, end));
        return test;
    }

    /** The same; every entry is added to {@code log}. */
    public static TestGroup bucket(Path directory, List<CommandBatch> log) throws RefusedException {
        TestGroup test = new TestGroup(directory, GROUP, log);
        test.tell(openPartition("", ""));
        return test;
    }

    /** A bucket group that got a log in other batches: as many commands of one time together as {@code random} says. */
    public static TestGroup replay(Path directory, List<CommandBatch> log, SplittableRandom random) {
        TestGroup test = new TestGroup(directory, GROUP, new ArrayList<>());
        List<CommandBatch.Envelope> batch = new ArrayList<>();
        long stamp = 0;
        for (CommandBatch entry : log) {
            if (entry.stampMicros() != stamp || random.nextInt(5) == 0) {
                test.apply(new CommandBatch(stamp, 0, batch));
                batch.clear();
                if (random.nextInt(50) == 0) {
                    test.restart();
                }
            }
            stamp = entry.stampMicros();
            batch.addAll(entry.envelopes());
        }
        test.apply(new CommandBatch(stamp, 0, batch));
        return test;
    }

    public static BucketCommand.OpenPartition openPartition(String start, String end) {
        return new BucketCommand.OpenPartition(
                BUCKET, new Partition(PARTITION.partition(), start, end, GROUP, PARTITION.epoch()));
    }

    private GroupStore openStore() {
        return GroupStore.open(directory, group.isSystem() ? GroupKind.SYSTEM : GroupKind.BUCKET, resources);
    }

    private GroupMachine openMachine() {
        return group.isSystem()
                ? new GroupMachine(store, new SystemState(), new SystemQueries(map))
                : new GroupMachine(store, new BucketState(group), new BucketQueries());
    }

    public GroupMachine machine() {
        return machine;
    }

    public void restart() {
        machine.close();
        store = openStore();
        machine = openMachine();
    }

    /** Puts the files as a kill would leave them now into a new directory. */
    public void crashImage(Path to) throws IOException {
        CrashImage.take(store, Path.of(directory), to);
    }

    public Snapshot snapshot() {
        return store.snapshot();
    }

    /** Every row but the applied index, in hexadecimal. */
    public List<String> rows() {
        return rows("");
    }

    /** The same without those of a family, and without clocks if there is such a family. */
    public List<String> rows(String without) {
        List<String> all = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            for (Family family : Family.values()) {
                if (family == Family.META
                        || family.name().equalsIgnoreCase(without)
                        || !GroupStore.families(store.kind()).contains(family)) {
                    continue;
                }
                try (Rows<String> rows = snapshot.scan(new Table<>(family, HEX), new byte[0], null)) {
                    for (; rows.valid(); rows.next()) {
                        all.add(family + " " + HexFormat.of().formatHex(rows.key()) + " = " + rows.value());
                    }
                }
            }
            if (without.isEmpty()) {
                all.add("clock " + snapshot.get(Tables.NUMBERS, Tables.CLOCK));
                all.add("expired " + snapshot.get(Tables.NUMBERS, Tables.EXPIRED));
                all.add("releases head " + snapshot.get(Tables.NUMBERS, Tables.RELEASES_HEAD));
                all.add("extents head " + snapshot.get(Tables.NUMBERS, Tables.EXTENTS_HEAD));
            }
        }
        return all;
    }

    /** Applies the next entry of the log. */
    public List<Outcome> apply(CommandBatch batch) {
        log.add(batch);
        return machine.applyBatch(term, index++, CommandBatchCodec.decode(CommandBatchCodec.encode(batch)));
    }

    public long nowMillis() {
        return nowMillis;
    }

    public void pass(long millis) {
        nowMillis += millis;
        watchedMillis += millis;
    }

    /** Another server leads from now on. */
    public void changeLeader() {
        term++;
    }

    /** Somebody sets the clock of the leader's host ahead. */
    public void setAhead(long millis) {
        nowMillis += millis;
    }

    public RequestId request() {
        return RequestId.create(nowMillis, random);
    }

    public UploadId upload() {
        return UploadId.create(nowMillis, random);
    }

    public <R extends Reply> R tell(Command<R> command) throws RefusedException {
        return tell(request(), command);
    }

    @SuppressWarnings("unchecked")
    public <R extends Reply> R tell(RequestId request, Command<R> command) throws RefusedException {
        CommandBatch batch = new CommandBatch(
                nowMillis * 1000, watchedMillis * 1000, List.of(new CommandBatch.Envelope(request, command)));
        watchedMillis = 0;
        return switch (apply(batch).getFirst()) {
            case Outcome.Applied applied -> (R) applied.reply();
            case Outcome.Refused refused -> throw refused.why();
        };
    }

    public <R extends Reply> R ask(Query<R> query) throws RefusedException {
        return machine.answer(query);
    }

    // Commands

    public static BucketCommand.PutObject put(String key, String body) {
        return put(key, body, WriteCondition.NONE, Versioning.UNVERSIONED);
    }

    public static BucketCommand.PutObject put(
            String key, String body, WriteCondition condition, Versioning versioning) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(body);
        return put(key, bytes.remaining(), new Payload.Inline(bytes), condition, versioning);
    }

    public static BucketCommand.PutObject put(
            String key, long size, Payload payload, WriteCondition condition, Versioning versioning) {
        return new BucketCommand.PutObject(
                PARTITION, key, OWNER, ETAG, size, null, ObjectAttributes.EMPTY, payload, condition, versioning);
    }

    /** A new extent, born now. */
    public ExtentSlice extent(long length) {
        return new ExtentSlice(ExtentId.create(nowMillis, random), new VolumeId(5), GROUP, length, 0, length);
    }

    public BucketCommand.PutObject putExtents(String key, Versioning versioning, ExtentSlice... slices) {
        long size = 0;
        for (ExtentSlice slice : slices) {
            size += slice.length();
        }
        return put(key, size, new Payload.Extents(List.of(slices)), WriteCondition.NONE, versioning);
    }

    public static BucketCommand.DeleteTarget target(String key, @Nullable VersionSelector version) {
        return new BucketCommand.DeleteTarget(key, version, WriteCondition.NONE, -1, -1, false);
    }

    public static BucketCommand.DeleteObject delete(
            String key, @Nullable VersionSelector version, Versioning versioning) {
        return new BucketCommand.DeleteObject(PARTITION, target(key, version), versioning, OWNER);
    }

    // Queries

    public Reply.ObjectReply get(String key) throws RefusedException {
        return get(key, VersionSelector.LATEST, new BucketQuery.Window.Range(0, Long.MAX_VALUE));
    }

    public Reply.ObjectReply get(String key, VersionSelector version, BucketQuery.Window window)
            throws RefusedException {
        return ask(new BucketQuery.GetObject(PARTITION, key, version, window));
    }

    public String body(String key) throws RefusedException {
        return text(get(key).runs());
    }

    /** The inline bytes of runs, as text. */
    public static String text(List<DataRun> runs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (DataRun run : runs) {
            ByteBuffer inline = ((DataRun.InlineRun) run).bytes().duplicate();
            byte[] piece = new byte[inline.remaining()];
            inline.get(piece);
            bytes.writeBytes(piece);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What is refused, and why. */
    public interface Attempt {
        void run() throws RefusedException;
    }

    public static @Nullable Refusal refusal(Attempt attempt) {
        try {
            attempt.run();
            return null;
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    /** Lets the grace pass and releases everything. */
    public void releaseAll() throws RefusedException {
        pass(Limits.RETIRE_GRACE.toMillis() + CLOCK_LEAD_MILLIS);
        while (tell(new BucketCommand.ReleaseParts(Limits.MAX_RELEASED)).more()) {}
    }

    /** Extents whose chunks can be deleted. */
    public List<ExtentSlice> due() throws RefusedException {
        return ask(new BucketQuery.DueExtents(nowMillis, Limits.MAX_EXTENTS)).extents();
    }

    public Reply.UsageReply usage() throws RefusedException {
        return ask(new BucketQuery.GetUsage(PARTITION));
    }

    @Override
    public void close() {
        machine.close();
        resources.close();
    }
}
