package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.time.ManualTime;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.CommandBatchCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.machine.GroupMachine;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.store.StoreResources;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The system group with its real rules, and what one bucket group says of extents. */
final class SimulatedMetadata implements MetadataClient, Groups, AutoCloseable {
    static final GroupId BUCKETS = new GroupId(1);

    /** What happens around each call: it may get lost before or after, and others may do something first. */
    interface Surroundings {
        /** Whether the call gets lost. */
        boolean before();

        /** Whether its answer does. */
        boolean after();
    }

    private record Due(ExtentSlice slice, long atMillis) {}

    private final StoreResources resources = new StoreResources(8 << 20, 8 << 20);
    private final GroupMachine system;
    private final ManualTime time;
    private final Surroundings surroundings;
    private final boolean marks;
    private final Set<ExtentId> referenced = new HashSet<>();
    private final Map<ExtentId, Due> due = new LinkedHashMap<>();
    private long index;

    /** @param marks false forgets those of missed writes, to see that they matter */
    SimulatedMetadata(String directory, ManualTime time, Surroundings surroundings, boolean marks) {
        this.system = GroupMachine.open(GroupId.SYSTEM, directory, resources, MapListener.NONE);
        this.time = time;
        this.surroundings = surroundings;
        this.marks = marks;
    }

    void reference(ExtentId extent) {
        referenced.add(extent);
    }

    void delete(ExtentSlice slice) {
        referenced.remove(slice.extent());
        due.put(slice.extent(), new Due(slice, time.millis() + 60_000));
    }

    boolean isDue(ExtentId extent) {
        return due.containsKey(extent);
    }

    /** The truth. */
    ClusterMap map() {
        try {
            return system.answer(new SystemQuery.GetClusterMap()).map();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        if (surroundings.before()) {
            return CompletableFuture.failedFuture(new MetadataUnavailableException("lost", null));
        }
        try {
            R reply = apply(group, request, command);
            return surroundings.after()
                    ? CompletableFuture.failedFuture(new MetadataUnavailableException("answer lost", null))
                    : CompletableFuture.completedFuture(reply);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @SuppressWarnings("unchecked")
    private <R extends Reply> R apply(GroupId group, RequestId request, Command<R> command) throws RefusedException {
        if (command instanceof BucketCommand.ForgetExtents forget) {
            forget.extents().forEach(due::remove);
            return (R) Reply.DONE;
        }
        if (!group.isSystem()) {
            throw new AssertionError("unexpected " + command);
        }
        if (!marks && command instanceof MarkBehind) {
            return (R) new Reply.BehindReply(List.of());
        }
        CommandBatch batch =
                new CommandBatch(time.millis() * 1000, 0, List.of(new CommandBatch.Envelope(request, command)));
        return switch (system.applyBatch(1, index++, CommandBatchCodec.decode(CommandBatchCodec.encode(batch)))
                .getFirst()) {
            case Outcome.Applied applied -> (R) applied.reply();
            case Outcome.Refused refused -> throw refused.why();
        };
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        if (surroundings.before()) {
            return CompletableFuture.failedFuture(new MetadataUnavailableException("lost", null));
        }
        try {
            R reply = (R)
                    switch (query) {
                        case BucketQuery.DueExtents q ->
                            new Reply.ReclaimReply(due.values().stream()
                                    .filter(entry -> entry.atMillis() <= q.nowMillis())
                                    .map(Due::slice)
                                    .limit(q.limit())
                                    .toList());
                        case BucketQuery.FindUnreferenced q ->
                            new Reply.ExtentsReply(q.extents().stream()
                                    .filter(e -> !referenced.contains(e) && !due.containsKey(e))
                                    .toList());
                        default -> system.answer(query);
                    };
            return CompletableFuture.completedFuture(reply);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean leads(GroupId group) {
        return true;
    }

    @Override
    public List<GroupId> local() {
        return List.of(BUCKETS);
    }

    @Override
    public List<GroupId> all() {
        return List.of(BUCKETS);
    }

    @Override
    public void close() {
        system.close();
        resources.close();
    }
}
