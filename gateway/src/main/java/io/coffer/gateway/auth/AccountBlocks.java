package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.xml.PublicAccessBlockConfiguration;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The public-access blocks of accounts, which hold for all of their buckets; remembered for a second. They are named values of the
 * cluster. Thread-safe.
 */
public final class AccountBlocks {
    private static final long MAX_AGE_MILLIS = 1000;

    /** Some dozen bytes each. */
    private static final int MAX_REMEMBERED = 10_000;

    private static final String NAME = "account-public-access-block/";

    private final MetadataService metadata;
    private final InstantSource clock;
    private final ConcurrentHashMap<AccountId, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(@Nullable PublicAccessBlock block, long askedMillis) {}

    public AccountBlocks(MetadataService metadata, InstantSource clock) {
        this.metadata = metadata;
        this.clock = clock;
    }

    /** What it was at most a second ago; null when there is none. */
    @Nullable
    PublicAccessBlock find(AccountId account) throws S3Exception {
        long now = clock.millis();
        Seen last = seen.get(account);
        if (last != null) {
            long age = now - last.askedMillis;
            // A negative age is a clock that was set back; then nothing is known of the age.
            if (age >= 0 && age < MAX_AGE_MILLIS) {
                return last.block;
            }
        }
        Reply.DocumentReply stored = ask(account);
        PublicAccessBlock block = stored == null || !stored.value().hasRemaining()
                ? null
                : PublicAccessBlockConfiguration.parse(stored.value()).block();
        if (seen.size() >= MAX_REMEMBERED) {
            seen.clear();
        }
        seen.put(account, new Seen(block, now));
        return block;
    }

    private Reply.@Nullable DocumentReply ask(AccountId account) throws S3Exception {
        try {
            return metadata.ask(new SystemQuery.GetDocument(NAME + account.value()));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_DOCUMENT) {
                return null;
            }
            throw Refusals.toS3(e);
        }
    }

    /**
     * What holds now; null when there is none.
     */
    public @Nullable PublicAccessBlock get(AccountId account) throws S3Exception {
        seen.remove(account);
        return find(account);
    }

    /** @param block null to have none */
    public void set(AccountId account, @Nullable PublicAccessBlock block) throws S3Exception {
        Reply.DocumentReply now = ask(account);
        ByteBuffer value = block == null ? ByteBuffer.allocate(0) : new PublicAccessBlockConfiguration(block).toXml();
        try {
            metadata.tell(
                    new SystemCommand.SetDocument(NAME + account.value(), now == null ? 0 : now.revision(), value));
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        } finally {
            seen.remove(account);
        }
    }
}
