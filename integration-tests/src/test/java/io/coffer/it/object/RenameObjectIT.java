package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

@ExtendWith(StoreExtension.class)
class RenameObjectIT {
    private static final String LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String LATER = "Fri, 06 Nov 2054 08:49:37 GMT";

    private final Store store;
    private final String bucket;

    RenameObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(String key, String body) {
        store.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(body));
    }

    private String read(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
    }

    private RawResponse rename(String to, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/" + to + "?renameObject");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @Test
    void theStockClientRenamesAnObjectWithAllThatIsSaidOfIt() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        store.s3()
                .putObject(
                        put -> put.bucket(bucket)
                                .key("old name")
                                .contentType("text/plain")
                                .metadata(Map.of("a", "1"))
                                .tagging("t=1"),
                        RequestBody.fromBytes(bytes));
        String etag = store.s3()
                .headObject(head -> head.bucket(bucket).key("old name"))
                .eTag();
        store.s3().renameObject(rename -> rename.bucket(bucket).key("new").renameSource("old%20name"));
        HeadObjectResponse head =
                store.s3().headObject(get -> get.bucket(bucket).key("new"));
        assertThat(head.eTag()).isEqualTo(etag);
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("new"))
                        .tagSet())
                .hasSize(1);
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("new"))
                        .asByteArray())
                .isEqualTo(bytes);
        assertRefused(404, "NoSuchKey", () -> read("old name"));
    }

    @Test
    void aSourceMayNameItsBucketAndReplacesWhatIsThere() {
        put("a", "1");
        put("b", "2");
        assertThat(rename("b", "x-amz-rename-source", "/" + bucket + "/a").status())
                .isEqualTo(200);
        assertThat(read("b")).isEqualTo("1");
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-rename-source, '', '', '', 400, InvalidArgument",
        "x-amz-rename-source, %ZZ, '', '', 400, InvalidArgument",
        "x-amz-rename-source, /other/a, '', '', 400, InvalidArgument",
        "x-amz-rename-source, b, '', '', 400, InvalidRequest",
        "x-amz-rename-source, missing, '', '', 404, NoSuchKey",
        "x-amz-rename-source, a, x-amz-client-token, 'with space', 400, InvalidArgument",
        "x-amz-rename-source, a, If-None-Match, *, 412, PreconditionFailed",
        "x-amz-rename-source, a, If-Match, x, 412, PreconditionFailed",
        "x-amz-rename-source, a, If-Modified-Since, {later}, 412, PreconditionFailed",
        "x-amz-rename-source, a, If-Unmodified-Since, {ago}, 412, PreconditionFailed",
        "x-amz-rename-source, a, x-amz-rename-source-if-match, x, 412, PreconditionFailed",
        "x-amz-rename-source, a, x-amz-rename-source-if-none-match, *, 412, PreconditionFailed",
        "x-amz-rename-source, a, x-amz-rename-source-if-modified-since, {later}, 412, PreconditionFailed",
        "x-amz-rename-source, a, x-amz-rename-source-if-unmodified-since, {ago}, 412, PreconditionFailed",
    })
    void whatDoesNotHoldIsRefusedAndChangesNothing(
            String source, String name, String header, String value, int status, String code) {
        put("a", "1");
        put("b", "2");
        String told = value.replace("{later}", LATER).replace("{ago}", LONG_AGO);
        String[] headers = header.isEmpty() ? new String[] {source, name} : new String[] {source, name, header, told};
        assertRefused(status, code, rename("b", headers));
        assertThat(read("a")).isEqualTo("1");
        assertThat(read("b")).isEqualTo("2");
    }

    @Test
    void conditionsThatHoldLetItThrough() {
        put("a", "1");
        assertThat(rename(
                                "b",
                                "x-amz-rename-source",
                                "a",
                                "If-None-Match",
                                "*",
                                "x-amz-rename-source-if-match",
                                "\"c4ca4238a0b923820dcc509a6f75849b\"",
                                "x-amz-rename-source-if-modified-since",
                                LONG_AGO,
                                "x-amz-rename-source-if-unmodified-since",
                                LATER)
                        .status())
                .isEqualTo(200);
        assertThat(read("b")).isEqualTo("1");
    }

    @Test
    void aTokenMakesARepeatHarmless() {
        put("a", "1");
        String[] request = {"x-amz-rename-source", "a", "x-amz-client-token", "token-1"};
        assertThat(rename("b", request).status()).isEqualTo(200);
        put("a", "2");
        assertThat(rename("b", request).status()).isEqualTo(200);
        assertThat(read("b")).isEqualTo("1");
        assertThat(read("a")).isEqualTo("2");
        assertRefused(400, "IdempotencyParameterMismatch", rename("c", request));
        S3Exception again = assertRefused(
                400,
                "IdempotencyParameterMismatch",
                () -> store.s3()
                        .renameObject(rename ->
                                rename.bucket(bucket).key("d").renameSource("a").clientToken("token-1")));
        assertThat(again).hasMessageContaining("inconsistent");
    }

    @Test
    void aLockedVersionStaysUnderItsKey() {
        LockedBucket locked = new LockedBucket(store);
        String version = locked.retained("k", ObjectLockMode.COMPLIANCE);
        RawResponse renamed = store.request("PUT", "/" + locked.name() + "/l?renameObject")
                .header("x-amz-rename-source", "k")
                .send();
        assertThat(renamed.status()).as(renamed.toString()).isEqualTo(200);
        String copy = String.valueOf(renamed.header("x-amz-version-id"));
        assertThat(locked.head("l", copy).objectLockMode()).isNull();
        assertThat(locked.head("k", version).objectLockMode()).isNotNull();
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, true));
    }
}
