package io.coffer.it.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedRow;
import io.coffer.gateway.s3.S3Settings;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Data keys wrapped anew, in two groups of metadata by two gateways, while clients go on. */
class KeyRewrapIT {
    private static final int LARGE = 2 * SplitStore.EXTENT_LIMIT + 12_345;
    private static final int PART = 5 << 20;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String CONTEXT = Base64.getEncoder()
            .encodeToString("{\"tenant\":\"a\",\"purpose\":\"backup\"}".getBytes(StandardCharsets.UTF_8));

    private SplitStore split;
    private Store store;
    private Store other;
    private String key;
    private List<String> buckets;

    /** What was written: bucket/key?versionId and the bytes. */
    private final Map<Name, byte[]> written = new LinkedHashMap<>();

    private record Name(String bucket, String key, String version) {}

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        split = new SplitStore(directory);
        store = split.serve(S3Settings.DEFAULT);
        other = split.serve(S3Settings.DEFAULT);
        key = store.newKey("k");
        buckets = List.of(store.newBucket(), store.newBucket());
        assertThat(split.groupOf(buckets.getFirst())).isNotEqualTo(split.groupOf(buckets.getLast()));
        for (String bucket : buckets) {
            store.s3()
                    .putBucketVersioning(put -> put.bucket(bucket)
                            .versioningConfiguration(to -> to.status(BucketVersioningStatus.ENABLED)));
        }
    }

    @AfterEach
    void stop() throws Exception {
        split.close();
    }

    private static byte[] bytes(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void put(String bucket, String name, String method, String context, byte[] bytes) {
        PutObjectRequest.Builder put =
                PutObjectRequest.builder().bucket(bucket).key(name).serverSideEncryption(method);
        if (method.equals("aws:kms")) {
            put.ssekmsKeyId(key).ssekmsEncryptionContext(context);
        }
        String version =
                store.s3().putObject(put.build(), RequestBody.fromBytes(bytes)).versionId();
        written.put(new Name(bucket, name, version), bytes);
    }

    private void upload(String bucket, String name, String context) {
        byte[] first = bytes(PART, name.hashCode());
        byte[] last = bytes(100_001, 2);
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket)
                        .key(name)
                        .serverSideEncryption("aws:kms")
                        .ssekmsKeyId(key)
                        .ssekmsEncryptionContext(context))
                .uploadId();
        complete(bucket, name, upload, part(bucket, name, upload, 1, first), part(bucket, name, upload, 2, last));
        noteCurrent(
                bucket,
                name,
                ByteBuffer.allocate(first.length + last.length)
                        .put(first)
                        .put(last)
                        .array());
    }

    private void noteCurrent(String bucket, String name, byte[] bytes) {
        written.put(new Name(bucket, name, head(bucket, name).versionId()), bytes);
    }

    private HeadObjectResponse head(String bucket, String name) {
        return store.s3().headObject(get -> get.bucket(bucket).key(name));
    }

    private void copy(String from, String name, String to, String target, String context) {
        store.s3()
                .copyObject(copy -> copy.sourceBucket(from)
                        .sourceKey(name)
                        .destinationBucket(to)
                        .destinationKey(target)
                        .serverSideEncryption("aws:kms")
                        .ssekmsKeyId(key)
                        .ssekmsEncryptionContext(context));
        byte[] bytes = written.entrySet().stream()
                .filter(one ->
                        one.getKey().bucket().equals(from) && one.getKey().key().equals(name))
                .reduce((before, after) -> after)
                .orElseThrow()
                .getValue();
        noteCurrent(to, target, bytes);
    }

    private void append(String bucket, String name, byte[] bytes) {
        byte[] before = written.get(new Name(bucket, name, head(bucket, name).versionId()));
        RawResponse appended = store.request("PUT", "/" + bucket + "/" + name)
                .header("x-amz-server-side-encryption", "aws:kms")
                .header("x-amz-server-side-encryption-aws-kms-key-id", key)
                .header("x-amz-write-offset-bytes", Integer.toString(before.length))
                .body(bytes)
                .send();
        assertThat(appended.status()).as(appended.toString()).isEqualTo(200);
        noteCurrent(
                bucket,
                name,
                ByteBuffer.allocate(before.length + bytes.length)
                        .put(before)
                        .put(bytes)
                        .array());
    }

    private CompletedPart part(String bucket, String name, String upload, int number, byte[] bytes) {
        String etag = store.s3()
                .uploadPart(
                        put -> put.bucket(bucket).key(name).uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    private void complete(String bucket, String name, String upload, CompletedPart... parts) {
        store.s3()
                .completeMultipartUpload(complete ->
                        complete.bucket(bucket).key(name).uploadId(upload).multipartUpload(of -> of.parts(parts)));
    }

    private String admin(Store by, String method, String target) {
        RawResponse answer = by.admin(method, target).send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.text();
    }

    /** The id of the key of SSE-S3. */
    private String storeKey() {
        Matcher matcher = Pattern.compile("\"keyId\":\"([^\"]*)\",\"arn\":\"[^\"]*\",\"alias\":\"alias/coffer/sse-s3\"")
                .matcher(admin(store, "GET", "/v1/kms/keys"));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private String rewrap(String id) {
        return Arrays.stream(admin(store, "GET", "/v1/kms/rewraps").split("(?=\\{\"keyId\")"))
                .filter(item -> item.contains(id))
                .findFirst()
                .orElse("");
    }

    private String awaitDone(String id) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> rewrap(id).contains("\"state\":\"done\""));
        return rewrap(id);
    }

    private List<SealedRow> sealsBefore(String id, int version) {
        List<SealedRow> all = new ArrayList<>();
        for (int group : new int[] {1, 2}) {
            for (SealTable table : SealTable.values()) {
                all.addAll(split.ask(
                                new GroupId(group),
                                new BucketQuery.FindSeals(UUID.fromString(id), version, table, NOTHING, NOTHING, 1000))
                        .rows());
            }
        }
        return all;
    }

    private void writeEverything() {
        for (String bucket : buckets) {
            put(bucket, "small", "aws:kms", CONTEXT, bytes(100, 1));
            put(bucket, "small", "aws:kms", null, bytes(200, 2));
            put(bucket, "large", "aws:kms", null, bytes(LARGE, 3));
            put(bucket, "large-in-context", "aws:kms", CONTEXT, bytes(LARGE, 4));
            put(bucket, "store", "AES256", null, bytes(LARGE, 5));
            put(bucket, "store", "AES256", null, bytes(77, 6));
            upload(bucket, "uploaded", null);
            upload(bucket, "uploaded-in-context", CONTEXT);
            copy(bucket, "large", bucket, "copy", null);
            copy(bucket, "uploaded-in-context", bucket, "uploaded-copy", CONTEXT);
            append(bucket, "large", bytes(LARGE, 7));
            append(bucket, "uploaded", bytes(1000, 8));
        }
        copy(buckets.getFirst(), "large-in-context", buckets.getLast(), "from-elsewhere", null);
    }

    private void assertAllAsWritten() {
        written.forEach((name, bytes) -> {
            assertThat(read(name, null)).as("%s", name).isEqualTo(bytes);
            int middle = bytes.length / 2;
            int end = Math.min(bytes.length, middle + 70_000);
            assertThat(read(name, "bytes=" + middle + "-" + (end - 1)))
                    .as("a range of %s", name)
                    .isEqualTo(Arrays.copyOfRange(bytes, middle, end));
        });
    }

    private byte[] read(Name name, String range) {
        return other.s3()
                .getObjectAsBytes(get -> get.bucket(name.bucket())
                        .key(name.key())
                        .versionId(name.version())
                        .range(range))
                .asByteArray();
    }

    /** All that is visible. */
    private List<String> visible() {
        List<String> all = new ArrayList<>();
        for (Name name : written.keySet()) {
            HeadObjectResponse head = store.s3()
                    .headObject(get -> get.bucket(name.bucket())
                            .key(name.key())
                            .versionId(name.version())
                            .checksumMode("ENABLED"));
            all.add(name + " " + head.eTag() + " " + head.lastModified() + " " + head.ssekmsKeyId() + " "
                    + head.serverSideEncryptionAsString() + " " + head.checksumCRC64NVME() + " "
                    + head.partsCount());
        }
        return all;
    }

    @Test
    void everyDataKeyIsWrappedAnewAndNothingElseChanges() throws Exception {
        writeEverything();
        String bucket = buckets.getFirst();
        byte[] part = bytes(PART, 9);
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket)
                        .key("unfinished")
                        .serverSideEncryption("aws:kms")
                        .ssekmsKeyId(key)
                        .ssekmsEncryptionContext(CONTEXT))
                .uploadId();
        CompletedPart uploaded = part(bucket, "unfinished", upload, 1, part);
        List<String> before = visible();
        List<ExtentId> stored = split.stored();
        String ofStore = storeKey();
        admin(store, "POST", "/v1/kms/keys/" + key + "/rotate");
        admin(store, "POST", "/v1/kms/keys/" + ofStore + "/rotate");
        assertThat(admin(store, "GET", "/v1/kms/keys")).contains("\"dataVersions\":\"1..2\"");
        assertThat(sealsBefore(key, 2)).isNotEmpty();
        assertThat(sealsBefore(ofStore, 2)).isNotEmpty();

        admin(store, "POST", "/v1/kms/keys/" + key + "/rewrap");
        admin(other, "POST", "/v1/kms/keys/" + key + "/rewrap");
        admin(other, "POST", "/v1/kms/keys/" + ofStore + "/rewrap");
        assertThat(awaitDone(key)).contains("\"groups\":2", "\"groupsDone\":2", "\"left\":0");
        awaitDone(ofStore);

        assertThat(sealsBefore(key, 2)).isEmpty();
        assertThat(sealsBefore(ofStore, 2)).isEmpty();
        assertThat(admin(store, "GET", "/v1/kms/keys"))
                .contains("\"dataVersions\":\"2..2\"")
                .doesNotContain("\"dataVersions\":\"1..2\"");
        assertThat(visible()).isEqualTo(before);
        assertThat(split.stored()).as("no byte of data was written").isEqualTo(stored);
        assertAllAsWritten();
        complete(bucket, "unfinished", upload, uploaded);
        noteCurrent(bucket, "unfinished", part);
        copy(bucket, "uploaded-copy", bucket, "later-copy", CONTEXT);
        assertAllAsWritten();
    }

    @Test
    void whatIsWrittenMeanwhileEndsUnderTheNewVersion() throws Exception {
        String bucket = buckets.getFirst();
        put(bucket, "k", "aws:kms", CONTEXT, bytes(LARGE, 1));
        byte[] slow = bytes(LARGE, 2);
        try (PipedOutputStream out = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(out, 1 << 16)) {
            CompletableFuture<String> put = CompletableFuture.supplyAsync(() -> store.s3()
                    .putObject(
                            object -> object.bucket(bucket)
                                    .key("slow")
                                    .serverSideEncryption("aws:kms")
                                    .ssekmsKeyId(key)
                                    .ssekmsEncryptionContext(CONTEXT),
                            RequestBody.fromInputStream(in, slow.length))
                    .versionId());
            // More than the gateway takes in before it looks at the key.
            out.write(slow, 0, LARGE / 2);
            admin(store, "POST", "/v1/kms/keys/" + key + "/rotate");
            admin(store, "POST", "/v1/kms/keys/" + key + "/rewrap");
            awaitDone(key);
            out.write(slow, LARGE / 2, slow.length - LARGE / 2);
            out.flush();
            written.put(new Name(bucket, "slow", put.get()), slow);
        }
        assertThat(sealsBefore(key, 2)).isEmpty();
        assertThat(sealsBefore(key, 3)).hasSize(2);
        assertAllAsWritten();
    }

    @Test
    void aDisabledKeyStopsItAndAnEnabledOneIsDoneLater() {
        put(buckets.getFirst(), "k", "aws:kms", null, bytes(100, 1));
        admin(store, "POST", "/v1/kms/keys/" + key + "/rotate");
        assertThat(store.admin("POST", "/v1/kms/keys/" + key + "/disable")
                        .send()
                        .status())
                .isEqualTo(204);
        RawResponse refused =
                store.admin("POST", "/v1/kms/keys/" + key + "/rewrap").send();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("disabled");
        assertThat(store.admin("POST", "/v1/kms/keys/" + key + "/enable").send().status())
                .isEqualTo(204);
        admin(store, "POST", "/v1/kms/keys/" + key + "/rewrap");
        awaitDone(key);
        assertThat(sealsBefore(key, 2)).isEmpty();
        assertAllAsWritten();
        assertThat(store.admin("POST", "/v1/kms/keys/" + UUID.randomUUID() + "/rewrap")
                        .send()
                        .status())
                .isEqualTo(404);
    }
}
