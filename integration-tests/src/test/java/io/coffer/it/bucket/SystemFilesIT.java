package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** The two files of Veeam's Smart Object Storage API, where they are switched on. */
@ExtendWith(StoreExtension.class)
class SystemFilesIT {
    private static final String FOLDER = "/.system-d26a9498-cb7c-4a87-a44a-8ae204f5ba6c/";
    private static final String SYSTEM = FOLDER + "system.xml";
    private static final String CAPACITY = FOLDER + "capacity.xml";

    @Test
    void everyBucketTellsWhatTheStoreCanDo(@TempDir Path directory) throws Exception {
        try (StoreProcess process = StoreProcess.start(List.of(directory), Map.of("COFFER_S3_SOSAPI", "true"));
                Store store =
                        new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)) {
            String bucket = "/" + store.newBucket();
            RawResponse system = store.request("GET", bucket + SYSTEM).send();
            assertThat(system.status()).isEqualTo(200);
            assertThat(system.header("content-type")).isEqualTo("application/xml");
            assertThat(system.text())
                    .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                    .contains("<SystemInfo>");
            assertThat(system.element("ProtocolVersion")).isEqualTo("\"1.0\"");
            assertThat(system.element("ModelName")).isEqualTo("\"Coffer\"");
            assertThat(system.element("CapacityInfo")).isEqualTo("true");
            assertThat(system.element("UploadSessions")).isEqualTo("false");
            assertThat(system.element("IAMSTS")).isEqualTo("false");
            RawResponse head = store.request("HEAD", bucket + SYSTEM).send();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo(Integer.toString(system.body().length));
            assertThat(head.header("etag")).isEqualTo(system.header("etag")).matches("\"[0-9a-f]{32}\"");
            assertThat(head.header("last-modified")).isNotNull();

            RawResponse capacity = store.request("GET", bucket + CAPACITY).send();
            long total = Long.parseLong(capacity.element("Capacity"));
            long available = Long.parseLong(capacity.element("Available"));
            assertThat(total).isEqualTo(directory.toFile().getTotalSpace());
            assertThat(available).isBetween(1L, total);
            assertThat(Long.parseLong(capacity.element("Used"))).isEqualTo(total - available);

            filesAreOnlyRead(store, bucket);
            whoMayNotReadObjectsMayNotReadThese(store, bucket);
        }
    }

    private static void filesAreOnlyRead(Store store, String bucket) {
        for (String file : new String[] {SYSTEM, CAPACITY}) {
            assertThat(assertRefused(
                                    405,
                                    "MethodNotAllowed",
                                    store.request("PUT", bucket + file)
                                            .body("x")
                                            .send())
                            .header("allow"))
                    .isEqualTo("GET, HEAD");
            assertRefused(
                    405,
                    "MethodNotAllowed",
                    store.request("DELETE", bucket + file).send());
            assertRefused(
                    405,
                    "MethodNotAllowed",
                    store.request("POST", bucket + file + "?uploads").send());
            assertRefused(
                    405,
                    "MethodNotAllowed",
                    store.form(bucket.substring(1), file.substring(1)).send());
            assertRefused(
                    404,
                    "NoSuchKey",
                    store.request("GET", bucket + file + "?tagging").send());
        }
        assertThat(store.request("PUT", bucket + FOLDER + "other.xml")
                        .body("x")
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket.substring(1)))
                        .contents())
                .extracting(object -> object.key())
                .containsExactly(FOLDER.substring(1) + "other.xml");
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("GET", "/" + store.freshName() + SYSTEM).send());
    }

    private static void whoMayNotReadObjectsMayNotReadThese(Store store, String bucket) {
        assertRefused(
                403,
                "AccessDenied",
                store.request("GET", bucket + CAPACITY).anonymous().send());
        try (Store other = store.newAccount()) {
            assertRefused(
                    403, "AccessDenied", other.request("GET", bucket + SYSTEM).send());
        }
    }

    @Test
    void theyAreOrdinaryKeysWhereNobodyAskedForThem(Store store) {
        String bucket = store.newBucket();
        assertRefused(
                404, "NoSuchKey", store.request("GET", "/" + bucket + SYSTEM).send());
        store.s3().putObject(put -> put.bucket(bucket).key(SYSTEM.substring(1)), RequestBody.fromString("mine"));
        assertThat(store.request("GET", "/" + bucket + SYSTEM).send().text()).isEqualTo("mine");
    }
}
