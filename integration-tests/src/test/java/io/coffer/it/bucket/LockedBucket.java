package io.coffer.it.bucket;

import io.coffer.it.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** A bucket whose versions can be locked, and short words for what tests do in it. */
public final class LockedBucket {
    private final Store store;
    private final String name;

    /** When what {@link #retained} makes is free: tomorrow. */
    public final Instant soon = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);

    public LockedBucket(Store store) {
        this.store = store;
        this.name = store.freshName();
        store.s3().createBucket(create -> create.bucket(name).objectLockEnabledForBucket(true));
    }

    public String name() {
        return name;
    }

    /** Stores the key under the key; returns the version. */
    public String put(String key, Consumer<PutObjectRequest.Builder> more) {
        return store.s3()
                .putObject(
                        put -> {
                            put.bucket(name).key(key).checksumAlgorithm(ChecksumAlgorithm.CRC32);
                            more.accept(put);
                        },
                        RequestBody.fromString(key))
                .versionId();
    }

    public String retained(String key, ObjectLockMode mode) {
        return put(key, put -> put.objectLockMode(mode).objectLockRetainUntilDate(soon));
    }

    public void delete(String key, String version, boolean bypassing) {
        store.s3().deleteObject(delete -> {
            delete.bucket(name).key(key).versionId(version);
            if (bypassing) {
                delete.bypassGovernanceRetention(true);
            }
        });
    }

    public HeadObjectResponse head(String key, String version) {
        return store.s3().headObject(head -> head.bucket(name).key(key).versionId(version));
    }
}
