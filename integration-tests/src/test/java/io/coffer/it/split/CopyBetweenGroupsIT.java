package io.coffer.it.split;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.id.ExtentId;
import io.coffer.gateway.s3.S3Settings;
import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** CopyObject and UploadPartCopy where the source's bucket and the target's live in different bucket groups. */
class CopyBetweenGroupsIT {
    private static final int PART = 5 << 20;

    /** Three extents and a bit. */
    private static final int LARGE = 3 * SplitStore.EXTENT_LIMIT + 12_345;

    private static SplitStore split;
    private static Store store;
    private String from;
    private String to;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        split = new SplitStore(directory);
        store = split.serve(S3Settings.DEFAULT);
    }

    @AfterAll
    static void stop() throws Exception {
        split.close();
    }

    @BeforeEach
    void makeBuckets() {
        split.chunks().unhook();
        from = store.newBucket();
        to = store.newBucket();
        assertThat(split.groupOf(from)).isNotEqualTo(split.groupOf(to));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private byte[] put(String key, int size) {
        byte[] bytes = bytes(size);
        store.s3()
                .putObject(
                        object -> object.bucket(from)
                                .key(key)
                                .contentType("text/plain")
                                .metadata(Map.of("a", "1")),
                        RequestBody.fromBytes(bytes));
        return bytes;
    }

    private RawRequest copy(Store by, String source, String target, String... headers) {
        RawRequest request =
                by.request("PUT", "/" + to + "/" + target).header("x-amz-copy-source", from + "/" + source);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private RawResponse copy(String source, String target, String... headers) {
        return copy(store, source, target, headers).send();
    }

    private byte[] read(String key) {
        return store.s3().getObjectAsBytes(object -> object.bucket(to).key(key)).asByteArray();
    }

    private HeadObjectResponse head(String bucket, String key) {
        return store.s3().headObject(object -> object.bucket(bucket).key(key).checksumMode("ENABLED"));
    }

    private boolean exists(String key) {
        return store.request("HEAD", "/" + to + "/" + key).send().status() == 200;
    }

    private static String md5(byte[] bytes) throws Exception {
        return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)) + '"';
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, SplitStore.INLINE_LIMIT, SplitStore.INLINE_LIMIT + 1, LARGE})
    void copiesTheBytesWhateverTheirNumber(int size) throws Exception {
        byte[] bytes = put("source", size);
        RawResponse copied = copy("source", "copy");
        assertThat(copied.status()).as(copied.toString()).isEqualTo(200);
        assertThat(copied.element("ETag")).isEqualTo(md5(bytes));
        store.s3().deleteObject(object -> object.bucket(from).key("source"));
        assertThat(read("copy")).isEqualTo(bytes);
        HeadObjectResponse head = head(to, "copy");
        assertThat(head.eTag()).isEqualTo(md5(bytes));
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(head.checksumCRC64NVME()).isEqualTo(copied.element("ChecksumCRC64NVME"));
    }

    @Test
    void withinOneGroupNothingIsStoredTwice() {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        to = from;
        assertThat(copy("source", "copy").status()).isEqualTo(200);
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void aCopyLivesOnWithoutItsSourcesExtents() throws Exception {
        byte[] bytes = put("source", LARGE);
        List<ExtentId> stored = split.stored();
        copy("source", "copy");
        split.chunks().beforeRead(chunk -> {
            if (stored.contains(chunk.extent())) {
                throw new ChunkException(ChunkError.NOT_FOUND, "it is gone");
            }
        });
        assertThat(read("copy")).isEqualTo(bytes);
    }

    @Test
    void checksumsAndAttributesAreTheRequests() throws Exception {
        byte[] bytes = put("source", LARGE);
        RawResponse copied = copy(
                "source",
                "copy",
                "x-amz-checksum-algorithm",
                "SHA256",
                "x-amz-metadata-directive",
                "REPLACE",
                "Content-Type",
                "image/png");
        String sum = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        assertThat(copied.element("ChecksumSHA256")).isEqualTo(sum);
        HeadObjectResponse head = head(to, "copy");
        assertThat(head.checksumSHA256()).isEqualTo(sum);
        assertThat(head.contentType()).isEqualTo("image/png");
        assertThat(head.metadata()).isEmpty();
    }

    @Test
    void theCopyOfAMultipartObjectHasTheETagThatASharedOneHas() {
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(from).key("source"))
                .uploadId();
        byte[] bytes = bytes(100_000);
        String part = store.s3()
                .uploadPart(
                        request -> request.bucket(from)
                                .key("source")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromBytes(bytes))
                .eTag();
        complete(from, "source", upload, List.of(part));
        String etag = head(from, "source").eTag();
        assertThat(etag).endsWith("-1\"");
        assertThat(copy("source", "copy").element("ETag")).isEqualTo(etag);
        assertThat(read("copy")).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-copy-source-if-match, x, 412, PreconditionFailed",
        "x-amz-copy-source-if-unmodified-since, 'Sun, 06 Nov 1994 08:49:37 GMT', 412, PreconditionFailed",
        "x-amz-copy-source-if-none-match, {etag}, 412, PreconditionFailed",
        "If-None-Match, *, 412, PreconditionFailed",
        "If-Match, x, 412, PreconditionFailed",
    })
    void conditionsHoldBeforeAnyByteMoves(String header, String value, int status, String code) throws Exception {
        byte[] bytes = put("source", LARGE);
        store.s3().putObject(object -> object.bucket(to).key("copy"), RequestBody.fromString("there"));
        AtomicInteger moved = new AtomicInteger();
        split.chunks().beforeRead(chunk -> moved.incrementAndGet());
        assertRefused(status, code, copy("source", "copy", header, value.replace("{etag}", md5(bytes))));
        assertThat(moved).hasValue(0);
        assertThat(read("copy")).asString().isEqualTo("there");
    }

    @Test
    void aConditionThatIsLostOnTheWayLeavesNothing() {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        split.chunks()
                .beforeRead(once(() -> store.s3()
                        .putObject(object -> object.bucket(to).key("copy"), RequestBody.fromString("first"))));
        assertRefused(412, "PreconditionFailed", copy("source", "copy", "If-None-Match", "*"));
        assertThat(read("copy")).asString().isEqualTo("first");
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void aSourceThatIsDeletedMeanwhileIsCopiedAsItWas() {
        byte[] bytes = put("source", LARGE);
        split.chunks()
                .beforeRead(once(() ->
                        store.s3().deleteObject(object -> object.bucket(from).key("source"))));
        assertThat(copy("source", "copy").status()).isEqualTo(200);
        assertThat(read("copy")).isEqualTo(bytes);
    }

    @Test
    void aSourceWhoseBytesAreGoneMeanwhileIsNotThere() {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        HookedChunks.Hook delete =
                once(() -> store.s3().deleteObject(object -> object.bucket(from).key("source")));
        split.chunks().beforeRead(chunk -> {
            if (chunk.extent().equals(stored.getLast())) {
                delete.run(chunk);
                vanish(chunk, true);
            }
        });
        assertRefused(404, "NoSuchKey", copy("source", "copy"));
        assertThat(exists("copy")).isFalse();
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void aSourceThatIsReplacedMeanwhileIsCopiedAsItIsNow() {
        put("source", LARGE);
        List<ExtentId> old = split.stored();
        byte[] newer = bytes(LARGE + 1);
        AtomicInteger reads = new AtomicInteger();
        split.chunks().beforeRead(chunk -> {
            if (reads.getAndIncrement() == 0) {
                store.s3().putObject(object -> object.bucket(from).key("source"), RequestBody.fromBytes(newer));
            }
            vanish(chunk, old.contains(chunk.extent()));
        });
        assertThat(copy("source", "copy").status()).isEqualTo(200);
        split.chunks().unhook();
        assertThat(read("copy")).isEqualTo(newer);
    }

    private static void vanish(ChunkAddress chunk, boolean gone) throws ChunkException {
        if (gone) {
            throw new ChunkException(ChunkError.NOT_FOUND, chunk + " is gone");
        }
    }

    @Test
    void bytesThatCantBeReadAreOurFaultAndLeaveNothing() {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        ExtentId last = stored.getLast();
        split.chunks().beforeRead(chunk -> vanish(chunk, chunk.extent().equals(last)));
        assertRefused(500, "InternalError", copy("source", "copy"));
        assertThat(exists("copy")).isFalse();
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void bytesThatCantBeWrittenTellTheClientToComeBackAndLeaveNothing() throws Exception {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        AtomicInteger written = new AtomicInteger();
        split.chunks().beforeWrite(chunk -> {
            if (written.incrementAndGet() > 2) {
                throw new ChunkException(ChunkError.DISK_FULL, "it is full");
            }
        });
        // A gateway of its own: it keeps away from such a disk for a while.
        Store other = split.serve(S3Settings.DEFAULT);
        assertRefused(503, "SlowDown", copy(other, "source", "copy").send());
        assertThat(exists("copy")).isFalse();
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void partsAreMadeOfRangesAndWholes() throws Exception {
        byte[] source = put("source", PART + 1000);
        String upload = create();
        RawResponse whole = copyPart(upload, 1);
        assertThat(whole.element("ETag")).isEqualTo(md5(source));
        RawResponse range = copyPart(upload, 2, "x-amz-copy-source-range", "bytes=10-" + (PART + 9));
        RawResponse again = copyPart(upload, 2, "x-amz-copy-source-range", "bytes=10-" + (PART + 9));
        assertThat(again.element("ETag")).isEqualTo(range.element("ETag"));
        store.s3().deleteObject(object -> object.bucket(from).key("source"));
        complete(
                to,
                "copy",
                upload,
                List.of(String.valueOf(whole.element("ETag")), String.valueOf(again.element("ETag"))));
        byte[] expected = Arrays.copyOf(source, source.length + PART);
        System.arraycopy(source, 10, expected, source.length, PART);
        assertThat(read("copy")).isEqualTo(expected);
    }

    @Test
    void aPartsChecksumIsMadeOfItsRange() throws Exception {
        byte[] source = put("source", LARGE);
        String upload = String.valueOf(store.request("POST", "/" + to + "/copy?uploads")
                .header("x-amz-checksum-algorithm", "SHA256")
                .send()
                .element("UploadId"));
        byte[] range = Arrays.copyOfRange(source, 100, 2_000_000);
        RawResponse copied = copyPart(upload, 1, "x-amz-copy-source-range", "bytes=100-1999999");
        assertThat(copied.element("ChecksumSHA256"))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(range)));
        assertThat(copied.element("ETag")).isEqualTo(md5(range));
    }

    @Test
    void aPartOfAnUploadThatIsAbortedMeanwhileLeavesNothing() {
        put("source", LARGE);
        List<ExtentId> stored = split.stored();
        String upload = create();
        split.chunks()
                .beforeRead(once(() -> store.s3()
                        .abortMultipartUpload(
                                abort -> abort.bucket(to).key("copy").uploadId(upload))));
        assertRefused(404, "NoSuchUpload", copyPart(upload, 1));
        assertThat(split.stored()).isEqualTo(stored);
    }

    @Test
    void aLongCopyKeepsTheConnectionAliveWithWhiteSpace() throws Exception {
        byte[] bytes = put("source", LARGE);
        Store impatient = split.serve(S3Settings.DEFAULT.withSlowInterval(Duration.ofMillis(10)));
        CountDownLatch spaceSeen = new CountDownLatch(1);
        split.chunks().beforeRead(chunk -> await(spaceSeen));
        String answer = copy(impatient, "source", "copy").send(in -> {
            StringBuilder text = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
                if (c == ' ' && text.indexOf("?>") >= 0) {
                    spaceSeen.countDown();
                }
            }
            return text.toString();
        });
        assertThat(answer).startsWith("HTTP/1.1 200 ").containsPattern("\\?>\\s+1\r\n \r\n");
        assertThat(answer).contains("<ETag>" + md5(bytes).replace("\"", "&quot;") + "</ETag>");
        assertThat(read("copy")).isEqualTo(bytes);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String create() {
        return store.s3()
                .createMultipartUpload(create -> create.bucket(to).key("copy"))
                .uploadId();
    }

    private RawResponse copyPart(String upload, int number, String... headers) {
        return copy("source", "copy?partNumber=" + number + "&uploadId=" + upload, headers);
    }

    private static void complete(String bucket, String key, String upload, List<String> etags) {
        List<CompletedPart> parts = new ArrayList<>();
        for (String etag : etags) {
            parts.add(CompletedPart.builder()
                    .partNumber(parts.size() + 1)
                    .eTag(etag)
                    .build());
        }
        store.s3()
                .completeMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(document -> document.parts(parts)));
    }

    private static HookedChunks.Hook once(Runnable action) {
        AtomicInteger times = new AtomicInteger();
        return chunk -> {
            if (times.getAndIncrement() == 0) {
                action.run();
            }
        };
    }
}
