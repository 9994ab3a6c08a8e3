package io.coffer.gateway.admin;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Accounts, keys, buckets and usage in the admin interface, one method for each line of its table. Thread-safe. */
final class AdminOperations {
    /** What fits on one line of a listing, needs no quoting in a shell, and can't be taken for an account's id. */
    private static final Pattern ACCOUNT_NAME = Pattern.compile("(?![0-9]{12}$)[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}");

    private static final Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,189}");
    private static final int MAX_DESCRIPTION = 200;

    private final MetadataService metadata;
    private final AccountKeys accounts;

    AdminOperations(AdminService.Parts parts) {
        this.metadata = parts.metadata();
        this.accounts = parts.accounts();
    }

    /** An answer: a document, or null for none. */
    @FunctionalInterface
    interface Operation {
        @Nullable
        Object run(AdminRequest request) throws AdminException, RefusedException, S3Exception;
    }

    // Accounts

    Object createAccount(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String name = request.required("name");
        String email = request.optional("email");
        if (!ACCOUNT_NAME.matcher(name).matches()) {
            throw AdminException.invalid(
                    "an account's name has 1 to 64 letters, digits and _.@+-, and isn't twelve digits");
        }
        if (!email.isEmpty() && !EMAIL.matcher(email).matches()) {
            throw AdminException.invalid("'" + email + "' is not an e-mail address");
        }
        return AdminJson.CreatedAccount.of(accounts.createAccount(name, email));
    }

    Object listAccounts(AdminRequest request) throws RefusedException, S3Exception {
        return AdminJson.Page.all(accounts.accounts().stream()
                .sorted(Comparator.comparing(Account::name))
                .map(AdminJson.ListedAccount::of)
                .toList());
    }

    @Nullable
    Object enableAccount(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        accounts.setAccountEnabled(account(request.path().get(1)).id(), true);
        return null;
    }

    @Nullable
    Object disableAccount(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Account account = account(request.path().get(1));
        refuseRoot(account, "disabled");
        accounts.setAccountEnabled(account.id(), false);
        return null;
    }

    @Nullable
    Object deleteAccount(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Account account = account(request.path().get(1));
        refuseRoot(account, "deleted");
        accounts.deleteAccount(account.id());
        return null;
    }

    /** An account by its id or name. */
    Account account(String named) throws AdminException, RefusedException, S3Exception {
        for (Account account : accounts.accounts()) {
            if (account.id().value().equals(named) || account.name().equals(named)) {
                return account;
            }
        }
        throw AdminException.noSuchAccount(named);
    }

    private static void refuseRoot(Account account, String what) throws AdminException {
        if (account.root()) {
            throw new AdminException(409, "RootAccount", "the root account can't be " + what);
        }
    }

    // Keys

    Object createKey(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        AccountId account = account(request.required("account")).id();
        String description = request.optional("description");
        if (description.length() > MAX_DESCRIPTION) {
            throw AdminException.invalid("a description has at most " + MAX_DESCRIPTION + " characters");
        }
        return AdminJson.CreatedKey.of(accounts.createKey(account, description));
    }

    Object listKeys(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String named = request.parameter("account");
        AccountId account = named.isEmpty() ? null : account(named).id();
        return AdminJson.Page.all(accounts.keys(account).stream()
                .sorted(Comparator.comparing(AccessKey::accessKey))
                .map(AdminJson.ListedKey::of)
                .toList());
    }

    @Nullable
    Object enableKey(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        accounts.setKeyEnabled(existingKey(request), true);
        return null;
    }

    @Nullable
    Object disableKey(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String accessKey = existingKey(request);
        refuseOwn(accessKey, request, "disabled");
        accounts.setKeyEnabled(accessKey, false);
        return null;
    }

    @Nullable
    Object deleteKey(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String accessKey = existingKey(request);
        refuseOwn(accessKey, request, "deleted");
        accounts.deleteKey(accessKey);
        return null;
    }

    private String existingKey(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String accessKey = request.path().get(1);
        try {
            return metadata.ask(new SystemQuery.GetAccessKey(accessKey)).key().accessKey();
        } catch (RefusedException e) {
            throw e.refusal() == Refusal.NO_SUCH_ACCESS_KEY
                    ? AdminException.noSuchKey(accessKey)
                    : AdminException.of(e);
        }
    }

    private static void refuseOwn(String accessKey, AdminRequest request, String what) throws AdminException {
        if (accessKey.equals(request.who().accessKey())) {
            throw new AdminException(409, "KeyInUse", "the key that signs this request can't be " + what + " by it");
        }
    }

    // Buckets and usage

    Object listBuckets(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Reply.BucketsReply page = buckets(request);
        return new AdminJson.Page<>(
                page.buckets().stream().map(AdminJson.ListedBucket::of).toList(), next(page));
    }

    Object purges(AdminRequest request) throws RefusedException, S3Exception {
        return AdminJson.Page.all(metadata.ask(new SystemQuery.ListPurges()).purges().stream()
                .map(AdminJson.ListedPurge::of)
                .toList());
    }

    Object usage(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Reply.BucketsReply page = buckets(request);
        List<AdminJson.BucketUsage> items = new ArrayList<>();
        for (Bucket bucket : page.buckets()) {
            if (bucket.state() == Bucket.State.ACTIVE) {
                items.add(usage(bucket));
            }
        }
        return new AdminJson.Page<>(items, next(page));
    }

    private AdminJson.BucketUsage usage(Bucket bucket) throws RefusedException, S3Exception {
        List<Reply.UsageReply> partitions = new ArrayList<>();
        for (Partition partition : bucket.partitions()) {
            try {
                partitions.add(metadata.ask(
                        partition.group(), new BucketQuery.GetUsage(MetadataService.ref(bucket, partition))));
            } catch (RefusedException e) {
                // A partition that was split, moved or closed since the page was read; its successors are counted next
                // time.
                if (e.refusal() != Refusal.WRONG_PARTITION) {
                    throw e;
                }
            }
        }
        return AdminJson.BucketUsage.of(bucket, partitions);
    }

    private Reply.BucketsReply buckets(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        return metadata.ask(new SystemQuery.ListBuckets(
                null, request.parameter("prefix"), request.parameter("after"), "", request.limit()));
    }

    private static @Nullable String next(Reply.BucketsReply page) {
        return page.truncated() ? page.buckets().getLast().name() : null;
    }
}
