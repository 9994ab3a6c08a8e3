package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes the two names that every answer carries, by which an operator finds it in the logs. Thread-safe. */
public final class RequestIds {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final long gateway;
    private final InstantSource clock;
    private final Supplier<? extends RandomGenerator> random;

    /** @param random a source for the calling thread */
    public RequestIds(InstantSource clock, Supplier<? extends RandomGenerator> random) {
        this.gateway = random.get().nextLong();
        this.clock = clock;
        this.random = random;
    }

    /**
     * @param requestId {@code x-amz-request-id}: 16 upper-case hexadecimal digits
     * @param hostId {@code x-amz-id-2}: the gateway, the request and its time, in base64
     */
    record Ids(String requestId, String hostId, long nowMillis) {
        Headers.Builder onto(Headers.Builder headers) {
            return headers.add("x-amz-request-id", requestId).add("x-amz-id-2", hostId);
        }
    }

    /** Only the first of the two names, for answers that aren't S3's. */
    public String nextId() {
        return HEX.toHexDigits(random.get().nextLong());
    }

    Ids next() {
        long id = random.get().nextLong();
        long now = clock.millis();
        byte[] host = ByteBuffer.allocate(24)
                .putLong(gateway)
                .putLong(id)
                .putLong(now)
                .array();
        return new Ids(HEX.toHexDigits(id), Base64.getEncoder().encodeToString(host), now);
    }
}
