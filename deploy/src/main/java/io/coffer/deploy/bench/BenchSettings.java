package io.coffer.deploy.bench;

import java.time.Duration;

/**
 * One run of the load generator.
 *
 * @param size bytes of an object
 * @param operations at most so many; 0 is no limit
 * @param objects how many keys there are
 * @param prefix of every key
 * @param verify whether every byte that is read, and every ETag, is checked
 * @param signPayload whether bodies are hashed into the signature
 * @param keepAlive whether connections are used again
 * @param prepare whether missing objects are made first
 * @param writePercent the share of PUT in a mixed load
 * @param batch keys per DeleteObjects; 1 is DeleteObject
 */
record BenchSettings(
        Workload workload,
        Endpoint endpoint,
        Credentials credentials,
        String region,
        String bucket,
        long size,
        int concurrency,
        Duration warmup,
        Duration duration,
        long operations,
        int objects,
        String prefix,
        boolean verify,
        boolean signPayload,
        boolean keepAlive,
        boolean insecure,
        boolean prepare,
        int writePercent,
        int batch,
        int pageSize,
        String delimiter) {
    /** An access key pair. */
    record Credentials(String accessKey, String secretKey) {
        @Override
        public String toString() {
            return accessKey;
        }
    }

    String key(int index) {
        String digits = Integer.toString(index);
        return prefix + "0".repeat(Math.max(0, 9 - digits.length())) + digits;
    }
}
