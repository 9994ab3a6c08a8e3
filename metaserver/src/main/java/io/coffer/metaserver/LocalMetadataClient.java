package io.coffer.metaserver;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.trace.Work;
import io.coffer.metaserver.consensus.ConsensusGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of this process, called directly. A query to a group of one is answered on the caller's thread, before the call
 * returns; so is one that the leader's lease allows. Thread-safe.
 */
final class LocalMetadataClient implements MetadataClient {
    private static final Logger LOG = LoggerFactory.getLogger(LocalMetadataClient.class);

    private final GroupMembers members;
    private final MetadataSpace space;
    private final Executor completions;

    /** @param completions where queries are answered that had to wait for a leadership check */
    LocalMetadataClient(GroupMembers members, MetadataSpace space, Executor completions) {
        this.members = members;
        this.space = space;
        this.completions = completions;
    }

    @Override
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        GroupMembers.Member member = members.get(group);
        if (member == null) {
            return absent(group);
        }
        try {
            // Others lead, and have room: they aren't found if this server's lack is the answer.
            if (member.group().leads()) {
                space.requireRoomFor(command);
            }
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
        return member.batcher().submit(request, command);
    }

    @Override
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        GroupMembers.Member member = members.get(group);
        if (member == null) {
            return absent(group);
        }
        CompletableFuture<Void> readable = member.group().readable();
        if (readable.isDone() && !readable.isCompletedExceptionally()) {
            return answer(member.group(), query);
        }
        Work work = Work.current();
        return readable.handleAsync((done, failure) -> failure, completions).thenCompose(failure -> {
            if (failure != null) {
                return CompletableFuture.failedFuture(unavailable(failure));
            }
            try (Work.Scope scope = work.enter()) {
                return answer(member.group(), query);
            }
        });
    }

    @Override
    public long birthMillis(long nowMillis) {
        return Math.max(nowMillis, members.timeMillis());
    }

    private static <R> CompletableFuture<R> absent(GroupId group) {
        return CompletableFuture.failedFuture(
                MetadataUnavailableException.notHere("group " + group.value() + " is not on this server"));
    }

    private static <R extends Reply> CompletableFuture<R> answer(ConsensusGroup group, Query<R> query) {
        try {
            return CompletableFuture.completedFuture(group.answer(query));
        } catch (RefusedException | MetadataUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RuntimeException e) {
            LOG.error(
                    "group {} could not answer {}",
                    group.id().value(),
                    query.getClass().getSimpleName(),
                    e);
            return CompletableFuture.failedFuture(
                    new MetadataUnavailableException("group " + group.id().value() + " could not answer", e));
        }
    }

    private static MetadataUnavailableException unavailable(@Nullable Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return why instanceof MetadataUnavailableException known
                ? known
                : new MetadataUnavailableException("no leadership check", why);
    }
}
