package io.coffer.gateway.admin;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A system group in memory, with the rules that the admin interface depends on. */
final class MemorySystemGroup implements MetadataClient {
    final Map<AccountId, Account> accounts = new TreeMap<>(java.util.Comparator.comparing(AccountId::value));
    final Map<String, AccessKey> keys = new TreeMap<>();
    final Map<String, Bucket> buckets = new TreeMap<>();
    final Map<String, JoinToken> tokens = new TreeMap<>();
    ClusterMap map = ClusterMap.EMPTY;

    /** Other groups that have no leader. */
    final Set<GroupId> silent = new HashSet<>();

    @Nullable
    ClusterId cluster;

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        try {
            return CompletableFuture.completedFuture((R) apply((SystemCommand<?>) command));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        if (silent.contains(group)) {
            return new CompletableFuture<>();
        }
        try {
            return CompletableFuture.completedFuture((R) answer(query));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Reply apply(SystemCommand<?> command) throws RefusedException {
        switch (command) {
            case SystemCommand.CreateAccount c -> {
                if (accounts.containsKey(c.id())
                        || accounts.values().stream().anyMatch(a -> a.name().equals(c.name()))) {
                    throw new RefusedException(Refusal.ACCOUNT_EXISTS);
                }
                Account account = new Account(c.id(), c.canonicalId(), c.name(), c.email(), c.root(), true, 0);
                accounts.put(c.id(), account);
                return new Reply.AccountReply(account);
            }
            case SystemCommand.SetAccountEnabled c -> {
                Account a = account(c.id());
                accounts.put(
                        a.id(), new Account(a.id(), a.canonicalId(), a.name(), a.email(), a.root(), c.enabled(), 0));
            }
            case SystemCommand.DeleteAccount c -> {
                account(c.id());
                if (buckets.values().stream().anyMatch(bucket -> bucket.owner().equals(c.id()))) {
                    throw new RefusedException(Refusal.ACCOUNT_NOT_EMPTY);
                }
                accounts.remove(c.id());
                keys.values().removeIf(key -> key.account().equals(c.id()));
            }
            case SystemCommand.CreateAccessKey c -> {
                account(c.account());
                if (keys.containsKey(c.accessKey())) {
                    throw new RefusedException(Refusal.ACCESS_KEY_EXISTS);
                }
                keys.put(
                        c.accessKey(),
                        new AccessKey(c.accessKey(), c.account(), c.sealedSecret(), c.description(), true, 0));
            }
            case SystemCommand.SetAccessKeyEnabled c -> {
                AccessKey k = key(c.accessKey());
                keys.put(
                        k.accessKey(),
                        new AccessKey(k.accessKey(), k.account(), k.sealedSecret(), k.description(), c.enabled(), 0));
            }
            case SystemCommand.DeleteAccessKey c -> {
                key(c.accessKey());
                keys.remove(c.accessKey());
            }
            case SystemCommand.CreateToken c ->
                tokens.put(
                        c.id(),
                        new JoinToken(
                                c.id(), c.role(), c.secretHash(), c.expiresMillis(), null, ByteBuffer.allocate(0)));
            case SystemCommand.DeleteToken c -> tokens.remove(c.id());
            default -> throw new AssertionError("not an admin's command: " + command);
        }
        return Reply.DONE;
    }

    private Reply answer(Query<?> query) throws RefusedException {
        return switch (query) {
            case BucketQuery.FindUnreferenced ignored -> new Reply.ExtentsReply(List.of());
            case SystemQuery.ListAccounts() -> new Reply.AccountsReply(List.copyOf(accounts.values()));
            case SystemQuery.ListAccessKeys(AccountId account) ->
                new Reply.AccessKeysReply(keys.values().stream()
                        .filter(key -> account == null || key.account().equals(account))
                        .toList());
            case SystemQuery.GetAccessKey(String accessKey) -> {
                AccessKey key = key(accessKey);
                yield new Reply.AccessKeyReply(key, account(key.account()));
            }
            case SystemQuery.ListBuckets q -> {
                List<Bucket> all = buckets.values().stream()
                        .filter(bucket -> bucket.name().compareTo(q.after()) > 0
                                && bucket.name().startsWith(q.prefix()))
                        .toList();
                yield new Reply.BucketsReply(all.subList(0, Math.min(q.limit(), all.size())), all.size() > q.limit());
            }
            case SystemQuery.ListTokens() -> new Reply.TokensReply(List.copyOf(tokens.values()));
            case SystemQuery.GetClusterMap() -> new Reply.ClusterMapReply(map);
            case SystemQuery.GetClusterId() -> new Reply.ClusterIdReply(cluster);
            case BucketQuery.GetUsage _ -> new Reply.UsageReply(3, 4, 1, 2, 1000);
            default -> throw new AssertionError("not an admin's question: " + query);
        };
    }

    private Account account(AccountId id) throws RefusedException {
        Account account = accounts.get(id);
        if (account == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCOUNT);
        }
        return account;
    }

    private AccessKey key(String accessKey) throws RefusedException {
        AccessKey key = keys.get(accessKey);
        if (key == null) {
            throw new RefusedException(Refusal.NO_SUCH_ACCESS_KEY);
        }
        return key;
    }
}
