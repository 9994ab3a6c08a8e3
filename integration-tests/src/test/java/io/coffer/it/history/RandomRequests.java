package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Writes, reads and deletes of a few keys, conditional ones among them. */
final class RandomRequests {
    private static final int KEYS = 8;

    /** Lengths that are inlined, and that fill less and more than one checksum block. */
    private static final int[] LENGTHS = {16, 4_000, 20_000, 70_000};

    /** Takes several writes. Now and then only: what is replaced stays on the disks for a quarter of an hour, and fills them. */
    private static final int LONG = 700_000;

    private static final int ONE_LONG_IN = 25;

    private RandomRequests() {}

    /** Returns whether there was an answer. */
    static boolean send(RecordingClient client, Random random) {
        String key = "key-" + random.nextInt(KEYS);
        int length = random.nextInt(ONE_LONG_IN) == 0 ? LONG : LENGTHS[random.nextInt(LENGTHS.length)];
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> client.write(key, length);
            case 3 -> client.delete(key);
            case 4 -> client.writeIfAbsent(key, length);
            case 5 -> client.writeIfMatch(key, length);
            default -> client.read(key).isPresent();
        };
    }

    /** Reads every key once, and compares it with what the listing tells. */
    static void readEverythingOnce(int client, URI at, String bucket, History history) {
        try (RecordingClient reader = new RecordingClient(client, at, bucket, history)) {
            Map<String, String> listed = new HashMap<>();
            reader.s3()
                    .listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(5))
                    .contents()
                    .forEach(object -> listed.put(object.key(), object.eTag()));
            for (int i = 0; i < KEYS; i++) {
                String key = "key-" + i;
                RecordingClient.Found found = reader.read(key)
                        .orElseThrow(() -> new AssertionError(key + " can't be read at " + at, history.lastFailure()));
                assertThat(found.etag())
                        .as("ETag of %s, which the listing tells too", key)
                        .isEqualTo(listed.get(key));
            }
        }
    }
}
