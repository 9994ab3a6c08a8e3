package io.coffer.gateway.admin;

import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.RefusedException;
import io.coffer.gateway.auth.AccountBlocks;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** What accounts forbid of grants to the public in all of their buckets. Thread-safe. */
final class AccountBlockOperations {
    private static final PublicAccessBlock NOTHING = new PublicAccessBlock(false, false, false, false);

    private final AdminOperations accounts;
    private final AccountBlocks blocks;

    AccountBlockOperations(AdminOperations accounts, AccountBlocks blocks) {
        this.accounts = accounts;
        this.blocks = blocks;
    }

    Object get(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        PublicAccessBlock block = blocks.get(account(request).id());
        return AdminJson.AccountBlock.of(block == null ? NOTHING : block);
    }

    /** What isn't named is off. */
    @Nullable
    Object put(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        blocks.set(
                account(request).id(),
                new PublicAccessBlock(
                        request.flag("blockPublicAcls"),
                        request.flag("ignorePublicAcls"),
                        request.flag("blockPublicPolicy"),
                        request.flag("restrictPublicBuckets")));
        return null;
    }

    @Nullable
    Object delete(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        blocks.set(account(request).id(), null);
        return null;
    }

    private Account account(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        return accounts.account(request.path().get(1));
    }
}
