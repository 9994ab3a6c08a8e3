package io.coffer.metaserver.consensus;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.proto.metadata.CommandMessages.CommandBatch;
import io.coffer.proto.metadata.CommandMessages.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A state that is easy to look into: keys with ETags, kept in memory, written as a text file by a checkpoint and by nothing else. */
final class TextState implements ReplicatedState {
    /** The ETag of a put that the state fails on, as a bug would. */
    static final String POISON = "poison";

    /** The ETag of a put that no disk has room for. */
    static final String VAST = "vast";

    /** A file beside the state's directory, while which is there the disk is full. */
    static final String FULL = "full";

    /** A file beside the state's directory, while which is there the disk doesn't answer. */
    static final String SLOW = "slow";

    private static final String FILE = "state";

    private final Path directory;
    private final Map<String, String> etags = new ConcurrentSkipListMap<>();
    private final AtomicInteger batches = new AtomicInteger();
    private volatile LogPosition applied = LogPosition.NONE;

    private TextState(Path directory) {
        this.directory = directory;
    }

    static TextState open(GroupId group, String directory) throws IOException {
        TextState state = new TextState(Path.of(directory));
        Files.createDirectories(state.directory);
        Path file = state.directory.resolve(FILE);
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            String[] position = lines.getFirst().split("_");
            state.applied = new LogPosition(Long.parseLong(position[0]), Long.parseLong(position[1]));
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.split(" ");
                state.etags.put(words[0], words[1]);
            }
        }
        return state;
    }

    @Override
    public LogPosition applied() {
        return applied;
    }

    @Override
    public synchronized List<Outcome> apply(LogPosition at, ByteBuffer batch) throws IOException {
        while (Files.exists(directory.resolveSibling(SLOW))) {
            LockSupport.parkNanos(1_000_000);
        }
        if (Files.exists(directory.resolveSibling(FULL))) {
            // As it comes out of RocksDB.
            throw new IOException("While appending to file: 000012.sst: No space left on device");
        }
        if (at.index() <= applied.index()) {
            throw new AssertionError("entry " + at + " applied again, after " + applied);
        }
        CommandBatch message = MetadataCodec.parse(CommandBatch.parser(), batch);
        List<Outcome> outcomes = new ArrayList<>();
        for (Envelope envelope : message.getEnvelopesList()) {
            PutObject put = (PutObject) MetadataCodec.decode(envelope.getCommand());
            if (put.etag().equals(POISON)) {
                throw new AssertionError("poisoned");
            }
            if (put.etag().isEmpty()) {
                outcomes.add(new Outcome.Refused(new RefusedException(Refusal.PRECONDITION_FAILED, put.key())));
            } else {
                etags.put(put.key(), put.etag());
                outcomes.add(new Outcome.Applied(new Reply.PutReply(new VersionId(at.index() + 1), false, 0)));
            }
        }
        batches.incrementAndGet();
        applied = at;
        return outcomes;
    }

    int batches() {
        return batches.get();
    }

    @Override
    public <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException {
        return Optional.of(answer(query));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> R answer(Query<R> query) throws RefusedException {
        GetObject get = (GetObject) query;
        String etag = etags.get(get.key());
        if (etag == null) {
            throw new RefusedException(Refusal.NO_SUCH_KEY);
        }
        ObjectVersion version = new ObjectVersion(
                get.key(),
                new VersionId(1),
                false,
                true,
                false,
                new AccountId("000000000001"),
                etag,
                0,
                0,
                0,
                null,
                ObjectAttributes.EMPTY);
        return (R) new Reply.ObjectReply(version, 0, 0, List.of());
    }

    @Override
    public long timeMillis() {
        return 0;
    }

    @Override
    public long unflushedBytes() {
        return etags.containsValue(VAST) ? 1L << 60 : 0;
    }

    @Override
    public synchronized void checkpoint(String target) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(applied.toString());
        etags.forEach((key, etag) -> lines.add(key + " " + etag));
        Files.write(directory.resolve(FILE), lines);
        Path copy = Files.createDirectories(Path.of(target));
        Files.write(copy.resolve(FILE), lines);
    }

    @Override
    public void close() {}
}
