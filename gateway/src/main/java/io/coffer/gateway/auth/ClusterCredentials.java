package io.coffer.gateway.auth;

import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The access keys of the system group, remembered for a moment: a key that is disabled is refused everywhere within
 * {@link #MAX_AGE_MILLIS} and the time of one question. Thread-safe; at most one caller per key asks again while the others go on with
 * what is remembered.
 */
public final class ClusterCredentials implements CredentialSource {
    /** From this age on, one caller asks again. */
    static final long FRESH_MILLIS = 750;

    /** Nothing older is believed. */
    static final long MAX_AGE_MILLIS = 1500;

    /** Known and unknown keys; about half a kilobyte each. */
    static final int MAX_REMEMBERED = 10_000;

    private final MetadataService metadata;
    private final SecretSealer sealer;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Entry> remembered = new ConcurrentHashMap<>();

    private record Entry(Optional<Credential> credential, long askedMillis, AtomicBoolean renewing) {}

    public ClusterCredentials(MetadataService metadata, SecretSealer sealer, InstantSource clock) {
        this.metadata = metadata;
        this.sealer = sealer;
        this.clock = clock;
    }

    @Override
    public Optional<Credential> find(String accessKey) throws S3Exception {
        long now = clock.millis();
        Entry entry = remembered.get(accessKey);
        if (entry != null) {
            long age = now - entry.askedMillis;
            // A negative age is a clock that was set back; then nothing is known of the age.
            if (age >= 0 && age < FRESH_MILLIS) {
                return entry.credential;
            }
            if (age >= 0 && age < MAX_AGE_MILLIS && !entry.renewing.compareAndSet(false, true)) {
                return entry.credential;
            }
        }
        Optional<Credential> credential = ask(accessKey);
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        // The age counts from before the question, because the answer may be as old as that.
        remembered.put(accessKey, new Entry(credential, now, new AtomicBoolean()));
        return credential;
    }

    private Optional<Credential> ask(String accessKey) throws S3Exception {
        try {
            Reply.AccessKeyReply reply = metadata.ask(new SystemQuery.GetAccessKey(accessKey));
            AccessKey key = reply.key();
            Secret secret = sealer.open(accessKey, key.sealedSecret());
            return Optional.of(new Credential(accessKey, secret, reply.account(), key.enabled()));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_ACCESS_KEY) {
                return Optional.empty();
            }
            throw Refusals.toS3(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the secret of access key " + accessKey + " doesn't open: it was sealed with another cluster key",
                    e);
        }
    }
}
