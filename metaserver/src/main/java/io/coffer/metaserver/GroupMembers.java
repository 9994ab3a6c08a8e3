package io.coffer.metaserver;

import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.GroupId;
import io.coffer.metaserver.command.CommandBatcher;
import io.coffer.metaserver.consensus.ConsensusGroup;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** This server's members of groups, which come and go, and what gathers commands for each. Thread-safe. */
final class GroupMembers implements Closeable {
    private static final Duration DEADLINE_CHECKS = Duration.ofMillis(250);

    private final ConcurrentSkipListMap<GroupId, Member> members = new ConcurrentSkipListMap<>();
    private final Function<ConsensusGroup, CommandBatcher> batchers;

    /** Fails what is past its deadline. */
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(new NamedThreads("deadlines"));

    /** A group and what gathers its commands. */
    record Member(ConsensusGroup group, CommandBatcher batcher) {}

    GroupMembers(Function<ConsensusGroup, CommandBatcher> batchers) {
        this.batchers = batchers;
        long period = DEADLINE_CHECKS.toMillis();
        timer.scheduleWithFixedDelay(
                () -> members.values().forEach(member -> member.batcher().expire()),
                period,
                period,
                TimeUnit.MILLISECONDS);
    }

    /** Takes a group in that was opened; one that is replaced takes no more commands. */
    void add(ConsensusGroup group) {
        Member known = members.get(group.id());
        if (known != null && known.group() == group) {
            return;
        }
        Member replaced = members.put(group.id(), new Member(group, batchers.apply(group)));
        if (replaced != null) {
            replaced.batcher().close();
        }
    }

    void remove(GroupId group) {
        Member removed = members.remove(group);
        if (removed != null) {
            removed.batcher().close();
        }
    }

    @Nullable
    Member get(GroupId group) {
        return members.get(group);
    }

    /** The latest time of any group, milliseconds since 1970. */
    long timeMillis() {
        long latest = 0;
        for (Member member : members.values()) {
            latest = Math.max(latest, member.group().timeMillis());
        }
        return latest;
    }

    /** In the order of their ids. */
    List<Member> all() {
        return List.copyOf(members.values());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        members.values().forEach(member -> member.batcher().close());
    }
}
