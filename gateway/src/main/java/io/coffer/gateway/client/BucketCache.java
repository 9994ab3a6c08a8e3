package io.coffer.gateway.client;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Buckets as this gateway saw them lately. A bucket that isn't there is never remembered, so that a new one is seen at once. What is
 * remembered of a deleted one does no harm to objects: its partitions are closed and refuse whatever still names them. Thread-safe.
 */
public final class BucketCache {
    /** How old what is recalled may be. */
    static final long MAX_AGE_MILLIS = 1000;

    /** About half a kilobyte each. */
    static final int MAX_REMEMBERED = 10_000;

    private final MetadataService metadata;
    private final InstantSource clock;
    private final ConcurrentHashMap<String, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(Bucket bucket, long askedMillis) {}

    public BucketCache(MetadataService metadata, InstantSource clock) {
        this.metadata = metadata;
        this.clock = clock;
    }

    /** The bucket as it is now. NoSuchBucket. */
    public Bucket find(String name) throws S3Exception {
        long now = clock.millis();
        try {
            Bucket bucket = metadata.bucket(name);
            remember(name, new Seen(bucket, now));
            return bucket;
        } catch (S3Exception e) {
            seen.remove(name);
            throw e;
        }
    }

    /** The bucket as it was at most a second ago, for requests that go on to one of its partitions. NoSuchBucket. */
    public Bucket recall(String name) throws S3Exception {
        Seen last = seen.get(name);
        if (last != null) {
            long age = clock.millis() - last.askedMillis;
            // A negative age is a clock that was set back; then nothing is known of the age.
            if (age >= 0 && age < MAX_AGE_MILLIS) {
                return last.bucket;
            }
        }
        return find(name);
    }

    /** Takes over a bucket as a change has left it: whoever asks from now on sees at least that. */
    public void learn(Bucket changed) {
        remember(changed.name(), new Seen(changed, clock.millis()));
    }

    private void remember(String name, Seen found) {
        if (seen.size() >= MAX_REMEMBERED) {
            seen.clear();
        }
        seen.merge(name, found, BucketCache::newer);
    }

    /** An answer that was overtaken by a change says nothing new. */
    private static Seen newer(Seen known, Seen found) {
        boolean overtaken = known.bucket.id().equals(found.bucket.id())
                && known.bucket.settings().revision() > found.bucket.settings().revision();
        return overtaken ? known : found;
    }

    /** The next {@link #recall} asks anew. */
    public void forget(String name) {
        seen.remove(name);
    }
}
