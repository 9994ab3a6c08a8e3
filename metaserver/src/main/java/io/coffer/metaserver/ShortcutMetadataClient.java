package io.coffer.metaserver;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import java.util.concurrent.CompletableFuture;

/**
 * All groups of a cluster, as a metaserver calls them: those that it leads directly, the others by the network. A command whose
 * direct call failed may have been applied, so the caller repeats it, under the same request id, and is taken to the next leader.
 */
final class ShortcutMetadataClient implements MetadataClient {
    private final GroupMembers members;
    private final MetadataClient local;
    private final MetadataClient remote;

    ShortcutMetadataClient(GroupMembers members, MetadataClient local, MetadataClient remote) {
        this.members = members;
        this.local = local;
        this.remote = remote;
    }

    @Override
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        return of(group).submit(group, request, command);
    }

    @Override
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        return of(group).query(group, query);
    }

    @Override
    public long birthMillis(long nowMillis) {
        return Math.max(local.birthMillis(nowMillis), remote.birthMillis(nowMillis));
    }

    private MetadataClient of(GroupId group) {
        GroupMembers.Member member = members.get(group);
        return member != null && member.group().leads() ? local : remote;
    }
}
