package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** A store that is killed in the middle of wrapping data keys anew goes on when it is started again. */
class KilledRewrapIT {
    private static final int OBJECTS = 60;

    /** Slow enough to be killed in the middle. */
    private static final String ROWS_PER_SECOND = "10";

    private static StoreProcess start(Path directory, String rate) throws Exception {
        return StoreProcess.start(List.of(directory), Map.of("COFFER_ENCRYPTION_REWRAP_RATE", rate));
    }

    private static Store client(StoreProcess process) {
        return new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
    }

    private static String admin(Store store, String method, String target) {
        RawResponse answer = store.admin(method, target).send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.text();
    }

    private static int rewrapped(Store store) {
        Matcher matcher = Pattern.compile("\"rewrapped\":(\\d+)").matcher(admin(store, "GET", "/v1/kms/rewraps"));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    @Test
    void itGoesOnAfterAKill(@TempDir Path directory) throws Exception {
        String key;
        try (StoreProcess process = start(directory, ROWS_PER_SECOND);
                Store store = client(process)) {
            key = store.newKey("k");
            String of = key;
            store.s3().createBucket(create -> create.bucket("bucket"));
            for (int i = 0; i < OBJECTS; i++) {
                String name = "k" + i;
                store.s3()
                        .putObject(
                                put -> put.bucket("bucket")
                                        .key(name)
                                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                                        .ssekmsKeyId(of),
                                RequestBody.fromString("secret of " + name));
            }
            admin(store, "POST", "/v1/kms/keys/" + key + "/rotate");
            admin(store, "POST", "/v1/kms/keys/" + key + "/rewrap");
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> rewrapped(store) > 0);
            assertThat(rewrapped(store)).as("in the middle").isLessThan(OBJECTS);
            process.kill();
        }
        try (StoreProcess process = start(directory, "1000");
                Store store = client(process)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> admin(store, "GET", "/v1/kms/rewraps").contains("\"state\":\"done\""));
            assertThat(admin(store, "GET", "/v1/kms/keys")).contains("\"dataVersions\":\"2..2\"");
            for (int i = 0; i < OBJECTS; i++) {
                String name = "k" + i;
                assertThat(store.s3()
                                .getObjectAsBytes(get -> get.bucket("bucket").key(name))
                                .asUtf8String())
                        .isEqualTo("secret of " + name);
            }
        }
    }
}
