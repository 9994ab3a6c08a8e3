package io.coffer.deploy.bench;

/**
 * Counts durations with an error below one percent. Used by one thread, then merged.
 *
 * <p>A value's bucket is its highest seven bits and how far they were shifted.
 */
final class LatencyHistogram {
    private static final int PRECISION_BITS = 7;
    private static final int HALF = 1 << PRECISION_BITS - 1;

    private final long[] counts = new long[(Long.SIZE - PRECISION_BITS + 2) * HALF];
    private long count;
    private long max;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        count++;
        max = Math.max(max, value);
    }

    private static int bucket(long value) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - PRECISION_BITS);
        return shift * HALF + (int) (value >>> shift);
    }

    void merge(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    long count() {
        return count;
    }

    long max() {
        return max;
    }

    /** The value that the share (0 to 1) of all values doesn't exceed, or 0 when there is none. */
    long quantile(double share) {
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return Math.min(max, highest(i));
            }
        }
        return max;
    }

    /** The largest value of a bucket. */
    private static long highest(int bucket) {
        int shift = Math.max(0, bucket / HALF - 1);
        long top = bucket - (long) shift * HALF;
        return (top + 1 << shift) - 1;
    }
}
