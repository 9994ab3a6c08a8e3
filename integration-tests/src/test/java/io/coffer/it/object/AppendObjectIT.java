package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Appends in both dialects: {@code PUT ?append}, and PutObject with a write offset. */
@ExtendWith(StoreExtension.class)
class AppendObjectIT {
    private static final int EXTENT = 200_000;

    private final Store store;
    private final String bucket;

    AppendObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private RawResponse append(String target, byte[] body, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/" + target).body(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    private RawResponse append(String key, String body, String... headers) {
        return append(key + "?append", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private void put(String key, String body) {
        store.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(body));
    }

    private byte[] read(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    private HeadObjectResponse head(String key) {
        return store.s3().headObject(head -> head.bucket(bucket).key(key).checksumMode("ENABLED"));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void theNullVersionThatOneMakesIsntNamed() {
        put("k", "a");
        store.s3()
                .putBucketVersioning(versioning -> versioning
                        .bucket(bucket)
                        .versioningConfiguration(to -> to.status(BucketVersioningStatus.SUSPENDED)));
        RawResponse appended = append("k", "b");
        assertThat(appended.status()).as(appended.toString()).isEqualTo(200);
        assertThat(appended.header("x-amz-version-id")).isNull();
        assertThat(head("k").versionId()).isEqualTo("null");
        store.s3()
                .putBucketVersioning(versioning -> versioning
                        .bucket(bucket)
                        .versioningConfiguration(to -> to.status(BucketVersioningStatus.ENABLED)));
        assertThat(append("k", "c").header("x-amz-version-id"))
                .isEqualTo(head("k").versionId());
    }

    @Test
    void anObjectGrowsOutOfPiecesOfAnySize() {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int size : new int[] {1, 4096, EXTENT, 7, 20_000, 2 * EXTENT, 3}) {
            byte[] bytes = random(size);
            RawResponse appended = append("grown?append", bytes);
            assertThat(appended.status()).as(appended.toString()).isEqualTo(200);
            expected.writeBytes(bytes);
            assertThat(appended.header("x-amz-object-size")).isEqualTo(Integer.toString(expected.size()));
            assertThat(appended.header("etag")).isEqualTo(head("grown").eTag());
        }
        byte[] all = expected.toByteArray();
        assertThat(read("grown")).isEqualTo(all);
        HeadObjectResponse head = head("grown");
        assertThat(head.contentLength()).isEqualTo(all.length);
        assertThat(head.eTag()).endsWith("-7\"");
        for (int[] range :
                new int[][] {{0, 0}, {4000, 4200}, {4097, EXTENT + 4096}, {all.length - 4, all.length - 1}}) {
            assertThat(store.s3()
                            .getObjectAsBytes(
                                    get -> get.bucket(bucket).key("grown").range("bytes=" + range[0] + "-" + range[1]))
                            .asByteArray())
                    .isEqualTo(Arrays.copyOfRange(all, range[0], range[1] + 1));
        }
    }

    @Test
    void theChecksumIsThatOfTheWhole() throws Exception {
        byte[] first = random(5000);
        byte[] second = random(EXTENT);
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("sum").checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        RequestBody.fromBytes(first));
        PutObjectResponse appended = store.s3()
                .putObject(
                        put -> put.bucket(bucket)
                                .key("sum")
                                .writeOffsetBytes(5000L)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                        RequestBody.fromBytes(second));
        CRC32 crc = new CRC32();
        crc.update(first);
        crc.update(second);
        String expected = Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        assertThat(appended.checksumCRC32()).isEqualTo(expected);
        assertThat(appended.size()).isEqualTo(5000 + EXTENT);
        assertThat(head("sum").checksumCRC32()).isEqualTo(expected);
        // The stock client compares what it reads with it.
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("sum").checksumMode("ENABLED"))
                        .asByteArray())
                .hasSize(5000 + EXTENT);
        // Also where the client names none, or another: Kontenum's dialect doesn't insist.
        append("sum", "x");
        crc.update('x');
        assertThat(Base64.getDecoder().decode(head("sum").checksumCRC32()))
                .isEqualTo(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @Test
    void anObjectKeepsWhatItsWriterSaidOfIt() {
        store.s3()
                .putObject(
                        put -> put.bucket(bucket)
                                .key("described")
                                .contentType("text/plain")
                                .metadata(Map.of("a", "1"))
                                .tagging("t=1"),
                        RequestBody.fromString("a"));
        append("described", "b", "Content-Type", "image/png");
        HeadObjectResponse head = head("described");
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("described"))
                        .tagSet())
                .hasSize(1);
        append("fresh", "b", "Content-Type", "image/png", "x-amz-meta-a", "1");
        assertThat(head("fresh").contentType()).isEqualTo("image/png");
        assertThat(head("fresh").metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(head("fresh").eTag()).isEqualTo("\"92eb5ffee6ae2fec3ad71c777531578f\"");
    }

    @ParameterizedTest
    @CsvSource({
        // header, value, body, status, code
        "x-amz-write-offset-bytes, 4, b, 400, InvalidWriteOffset",
        "x-amz-write-offset-bytes, 6, b, 400, InvalidWriteOffset",
        "x-amz-write-offset-bytes, 0, b, 400, InvalidWriteOffset",
        "x-amz-write-offset-bytes, -1, b, 400, InvalidArgument",
        "x-amz-write-offset-bytes, five, b, 400, InvalidArgument",
        "x-amz-write-offset-bytes, '', b, 400, InvalidArgument",
        "x-amz-write-offset-bytes, 5, '', 400, InvalidRequest",
        "If-Match, \"other\", b, 412, PreconditionFailed",
        "If-None-Match, *, b, 412, PreconditionFailed",
        "x-amz-meta-a, 1, b, 400, InvalidRequest",
        "Content-MD5, 1B2M2Y8AsgTpgAmY7PhCfg==, b, 400, BadDigest",
        "x-amz-object-lock-legal-hold, ON, b, 400, InvalidRequest",
        "x-amz-server-side-encryption, nonsense, b, 400, InvalidArgument",
    })
    void whatDoesNotFitIsRefusedAndChangesNothing(String header, String value, String body, int status, String code) {
        put("there", "there");
        assertRefused(status, code, append("there", body, header, value));
        if (header.equals("x-amz-write-offset-bytes")) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            assertRefused(status, code, append("there", bytes, header, value));
        }
        assertThat(read("there")).asString().isEqualTo("there");
    }

    @Test
    void anotherAlgorithmThanTheObjectsIsRefusedAsAmazonDoes() {
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("sha").checksumAlgorithm(ChecksumAlgorithm.SHA1),
                        RequestBody.fromString("there"));
        var refused = assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3()
                        .putObject(
                                put -> put.bucket(bucket)
                                        .key("sha")
                                        .writeOffsetBytes(5L)
                                        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                                RequestBody.fromString("more")));
        assertThat(refused.awsErrorDetails().errorMessage())
                .isEqualTo(
                        "Checksum Type mismatch occurred, expected checksum Type: sha1, actual checksum Type: crc32c");
        assertThat(append("sha", "more").status()).isEqualTo(200);
        assertThat(read("sha")).asString().isEqualTo("theremore");
        assertThat(head("sha").checksumSHA1())
                .as("nobody knows it without reading all")
                .isNull();
    }

    @Test
    void anObjectThatIsNotThereIsMadeAtOffsetZero() {
        assertThat(append("fresh", "ab".getBytes(StandardCharsets.UTF_8), "x-amz-write-offset-bytes", "0")
                        .status())
                .isEqualTo(200);
        assertThat(read("fresh")).asString().isEqualTo("ab");
        assertRefused(400, "InvalidWriteOffset", append("none", new byte[] {1}, "x-amz-write-offset-bytes", "1"));
        assertRefused(404, "NoSuchKey", append("none", "b", "If-Match", "\"x\""));
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("PUT", "/" + store.freshName() + "/k?append")
                        .body("x")
                        .send());
    }

    @Test
    void ofAppendsAtOneOffsetOneWins() throws Exception {
        put("raced", "0");
        List<Callable<Integer>> racers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] body = {(byte) ('a' + i)};
            racers.add(
                    () -> append("raced", body, "x-amz-write-offset-bytes", "1").status());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> racer : threads.invokeAll(racers)) {
                statuses.add(racer.get());
            }
            assertThat(statuses).containsOnlyOnce(200).contains(400);
            assertThat(read("raced")).hasSize(2);
            List<Callable<Integer>> anywhere = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                anywhere.add(() -> append("raced", "x").status());
            }
            for (Future<Integer> racer : threads.invokeAll(anywhere)) {
                assertThat(racer.get()).isEqualTo(200);
            }
        }
        assertThat(read("raced")).hasSize(10);
    }

    @Test
    void copiesAndTheirSourcesGrowApart() {
        put("one", "a");
        append("one", "b");
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("one")
                        .destinationBucket(bucket)
                        .destinationKey("two"));
        append("one", "c");
        append("two", "d");
        append("one", "e");
        assertThat(read("one")).asString().isEqualTo("abce");
        assertThat(read("two")).asString().isEqualTo("abd");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("one"));
        assertThat(read("two")).asString().isEqualTo("abd");
    }

    @Test
    void anObjectOfManyPartsGrows() {
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("parts"))
                .uploadId();
        byte[] part = random(5 << 20);
        List<CompletedPart> parts = new ArrayList<>();
        for (int number : new int[] {1, 2}) {
            String etag = store.s3()
                    .uploadPart(
                            request -> request.bucket(bucket)
                                    .key("parts")
                                    .uploadId(upload)
                                    .partNumber(number),
                            RequestBody.fromBytes(part))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("parts")
                        .uploadId(upload)
                        .multipartUpload(document -> document.parts(parts)));
        append("parts", "tail");
        assertThat(head("parts").contentLength()).isEqualTo(2 * part.length + 4);
        assertThat(head("parts").eTag()).endsWith("-3\"");
        byte[] read = read("parts");
        assertThat(Arrays.copyOfRange(read, part.length, 2 * part.length)).isEqualTo(part);
        assertThat(new String(read, 2 * part.length, 4, StandardCharsets.UTF_8)).isEqualTo("tail");
    }

    @Test
    void aBucketWithVersionsKeepsWhatWasThere() {
        store.s3()
                .putBucketVersioning(put -> put.bucket(bucket)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        put("k", "a");
        RawResponse second = append("k", "b");
        RawResponse third = append("k", "c");
        assertThat(versions("k")).containsExactly("abc", "ab", "a");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("k").versionId(third.header("x-amz-version-id")));
        append("k", "d");
        assertThat(versions("k")).containsExactly("abd", "ab", "a");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("k").versionId(second.header("x-amz-version-id")));
        assertThat(versions("k")).containsExactly("abd", "a");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("k"));
        assertThat(append("k", "e").header("x-amz-object-size")).isEqualTo("1");
    }

    private List<String> versions(String key) {
        return store.s3().listObjectVersions(list -> list.bucket(bucket).prefix(key)).versions().stream()
                .map(version -> store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key(key).versionId(version.versionId()))
                        .asUtf8String())
                .toList();
    }

    @Test
    void aLockedVersionStaysAndTheLongerOneHasNoLock() {
        LockedBucket locked = new LockedBucket(store);
        String version = locked.retained("k", ObjectLockMode.COMPLIANCE);
        RawResponse appended = store.request("PUT", "/" + locked.name() + "/k?append")
                .body("more")
                .send();
        assertThat(appended.status()).isEqualTo(200);
        String longer = String.valueOf(appended.header("x-amz-version-id"));
        assertThat(locked.head("k", longer).objectLockMode()).isNull();
        assertThat(locked.head("k", longer).contentLength()).isEqualTo(5);
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, true));
        locked.delete("k", longer, false);
        assertThat(locked.head("k", version).contentLength()).isEqualTo(1);
    }
}
