package io.coffer.it.multipart;

import static io.coffer.it.multipart.Multipart.MIN_PART;
import static io.coffer.it.multipart.Multipart.bytes;
import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;

@ExtendWith(StoreExtension.class)
class CompleteMultipartUploadIT {
    private final Store store;
    private final String bucket;

    CompleteMultipartUploadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private RawResponse complete(String key, String upload, String document, String... headers) {
        var request = store.request("POST", "/" + bucket + "/" + key + "?uploadId=" + upload)
                .body(document);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    private boolean exists(String key) {
        return store.request("HEAD", "/" + bucket + "/" + key).send().status() == 200;
    }

    private List<CompletedPart> parts(String key, String upload, byte[]... bodies) {
        List<CompletedPart> parts = new ArrayList<>();
        for (int i = 0; i < bodies.length; i++) {
            parts.add(Multipart.part(store, bucket, key, upload, i + 1, bodies[i]));
        }
        return parts;
    }

    @Test
    void makesAnObjectOfTheParts() {
        byte[] first = bytes(MIN_PART + 3, 1);
        byte[] second = bytes(MIN_PART, 2);
        byte[] third = bytes(11, 3);
        String upload = Multipart.create(store, bucket, "a b/c");
        List<CompletedPart> parts = parts("a b/c", upload, first, second, third);
        CompleteMultipartUploadResponse response = store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("a b/c")
                        .uploadId(upload)
                        .multipartUpload(document -> document.parts(parts)));
        assertThat(response.eTag()).isEqualTo(Multipart.etag(first, second, third));
        assertThat(response.bucket()).isEqualTo(bucket);
        assertThat(response.key()).isEqualTo("a b/c");
        assertThat(response.location()).isEqualTo(store.endpoint() + "/" + bucket + "/a%20b/c");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        all.writeBytes(third);
        var read = store.s3().getObjectAsBytes(object -> object.bucket(bucket).key("a b/c"));
        assertThat(read.asByteArray()).isEqualTo(all.toByteArray());
        assertThat(read.response().eTag()).isEqualTo(response.eTag());
        int from = MIN_PART - 5;
        RawResponse range = store.request("GET", "/" + bucket + "/a%20b/c")
                .header("Range", "bytes=" + from + "-" + (2 * MIN_PART + 5))
                .send();
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(all.toByteArray(), from, 2 * MIN_PART + 6));
        for (int number = 1; number <= 3; number++) {
            RawResponse part = store.request("GET", "/" + bucket + "/a%20b/c?partNumber=" + number)
                    .send();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(new byte[][] {first, second, third}[number - 1]);
            assertThat(part.header("x-amz-mp-parts-count")).isEqualTo("3");
        }
        RawResponse none =
                store.request("GET", "/" + bucket + "/a%20b/c?partNumber=4").send();
        assertThat(assertRefused(416, "InvalidPartNumber", none).element("ActualPartCount"))
                .isEqualTo("3");
    }

    @Test
    void partsThatAreNotNamedAreDropped() {
        String upload = Multipart.create(store, bucket, "some");
        List<CompletedPart> parts = parts("some", upload, bytes(MIN_PART, 1), bytes(MIN_PART, 2), bytes(5, 3));
        Multipart.complete(store, bucket, "some", upload, List.of(parts.getFirst(), parts.getLast()));
        assertThat(store.s3()
                        .headObject(object -> object.bucket(bucket).key("some"))
                        .contentLength())
                .isEqualTo(MIN_PART + 5);
        RawResponse second =
                store.request("HEAD", "/" + bucket + "/some?partNumber=3").send();
        assertThat(second.header("content-length")).isEqualTo("5");
    }

    @Test
    void repeatingItAnswersTheSame() {
        String upload = Multipart.create(store, bucket, "twice");
        String document = Multipart.document(parts("twice", upload, bytes(10, 1)));
        RawResponse first = complete("twice", upload, document);
        RawResponse second = complete("twice", upload, document);
        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).as(second.toString()).isEqualTo(200);
        assertThat(second.element("ETag")).isEqualTo(first.element("ETag"));
        assertThat(store.request("DELETE", "/" + bucket + "/twice?uploadId=" + upload)
                        .send()
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<CompleteMultipartUpload/> | InvalidRequest | 400",
                "<CompleteMultipartUpload> | MalformedXML | 400",
                "'' | MalformedXML | 400",
                "<Other/> | MalformedXML | 400",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload> | MalformedXML | 400",
                "<CompleteMultipartUpload><Part><PartNumber>0</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload> | InvalidArgument | 400",
                "<CompleteMultipartUpload><Part><PartNumber>10001</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload> | InvalidArgument | 400",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload> | InvalidPart | 400",
                "<CompleteMultipartUpload><Part><PartNumber>2</PartNumber><ETag>5d41402abc4b2a76b9719d911017c592</ETag></Part></CompleteMultipartUpload> | InvalidPart | 400",
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>5d41402abc4b2a76b9719d911017c592</ETag><ChecksumSHA512>x</ChecksumSHA512></Part></CompleteMultipartUpload> | NotImplemented | 501",
            })
    void wrongDocumentsChangeNothing(String document, String code, int status) {
        String upload = Multipart.create(store, bucket, "wrong");
        parts("wrong", upload, "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        RawResponse refused = assertRefused(status, code, complete("wrong", upload, document));
        if (code.equals("InvalidPart")) {
            assertThat(refused.element("UploadId")).isEqualTo(upload);
            assertThat(refused.element("PartNumber")).isNotBlank();
            assertThat(refused.element("ETag")).isNotBlank();
        }
        assertThat(exists("wrong")).isFalse();
        assertThat(store.s3()
                        .listParts(list -> list.bucket(bucket).key("wrong").uploadId(upload))
                        .parts())
                .hasSize(1);
    }

    @Test
    void partsMustAscend() {
        String upload = Multipart.create(store, bucket, "order");
        List<CompletedPart> parts = parts("order", upload, bytes(MIN_PART, 1), bytes(5, 2));
        RawResponse refused =
                assertRefused(400, "InvalidPartOrder", complete("order", upload, Multipart.document(parts.reversed())));
        assertThat(refused.element("UploadId")).isEqualTo(upload);
        assertRefused(
                400,
                "InvalidPartOrder",
                complete("order", upload, Multipart.document(List.of(parts.getFirst(), parts.getFirst()))));
        assertThat(exists("order")).isFalse();
    }

    @Test
    void onlyTheLastPartMayBeSmall() {
        String upload = Multipart.create(store, bucket, "small");
        List<CompletedPart> parts = parts("small", upload, bytes(MIN_PART - 1, 1), bytes(5, 2));
        RawResponse refused =
                assertRefused(400, "EntityTooSmall", complete("small", upload, Multipart.document(parts)));
        assertThat(refused.element("ProposedSize")).isEqualTo(Integer.toString(MIN_PART - 1));
        assertThat(refused.element("MinSizeAllowed")).isEqualTo(Integer.toString(MIN_PART));
        assertThat(refused.element("PartNumber")).isEqualTo("1");
        assertThat(exists("small")).isFalse();
        assertThat(complete("small", upload, Multipart.document(parts.subList(0, 1)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theSizeMayBePromised() {
        String upload = Multipart.create(store, bucket, "size");
        String document = Multipart.document(parts("size", upload, bytes(10, 1)));
        RawResponse refused =
                assertRefused(400, "InvalidRequest", complete("size", upload, document, "x-amz-mp-object-size", "9"));
        assertThat(refused.element("Message"))
                .isEqualTo("The provided 'x-amz-mp-object-size' header value 9 does not match what was computed: 10");
        assertRefused(400, "InvalidRequest", complete("size", upload, document, "x-amz-mp-object-size", "-1"));
        assertThat(exists("size")).isFalse();
        assertThat(complete("size", upload, document, "x-amz-mp-object-size", "10")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void conditionsHoldAtTheEnd() {
        String upload = Multipart.create(store, bucket, "conditional");
        String document = Multipart.document(parts("conditional", upload, bytes(10, 1)));
        assertRefused(404, "NoSuchKey", complete("conditional", upload, document, "If-Match", "\"x\""));
        store.s3().putObject(object -> object.bucket(bucket).key("conditional"), RequestBody.fromString("first"));
        RawResponse refused = assertRefused(
                412, "PreconditionFailed", complete("conditional", upload, document, "If-None-Match", "*"));
        assertThat(refused.element("Condition")).isEqualTo("If-None-Match");
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("conditional"))
                        .asUtf8String())
                .isEqualTo("first");
        assertThat(complete("conditional", upload, document, "If-Match", "\"8b04d5e3775d298e78455efc5ca404d5\"")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void compositeChecksumsAreOfThePartsChecksums(ChecksumAlgorithm algorithm) {
        String key = "composite-" + algorithm;
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key(key).checksumAlgorithm(algorithm))
                .uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            int partNumber = number;
            var put = store.s3()
                    .uploadPart(
                            part -> part.bucket(bucket)
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(partNumber)
                                    .checksumAlgorithm(algorithm),
                            RequestBody.fromBytes(bytes(MIN_PART, number)));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(put.eTag())
                    .checksumCRC32(put.checksumCRC32())
                    .checksumCRC32C(put.checksumCRC32C())
                    .checksumSHA1(put.checksumSHA1())
                    .checksumSHA256(put.checksumSHA256())
                    .build());
        }
        RawResponse bare = assertRefused(400, "InvalidRequest", complete(key, upload, Multipart.document(parts)));
        assertThat(bare.element("Message")).contains("must include the checksum for each part");
        assertThat(store.s3()
                        .completeMultipartUpload(complete -> complete.bucket(bucket)
                                .key(key)
                                .uploadId(upload)
                                .multipartUpload(document -> document.parts(parts)))
                        .checksumType())
                .isEqualTo(ChecksumType.COMPOSITE);
        RawResponse head = store.request("HEAD", "/" + bucket + "/" + key)
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(head.header("x-amz-checksum-" + algorithm.toString().toLowerCase(java.util.Locale.ROOT)))
                .endsWith("-2");
        assertThat(head.header("x-amz-checksum-type")).isEqualTo("COMPOSITE");
        RawResponse part = store.request("HEAD", "/" + bucket + "/" + key + "?partNumber=2")
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(part.header("x-amz-checksum-" + algorithm.toString().toLowerCase(java.util.Locale.ROOT)))
                .isNotBlank()
                .doesNotContain("-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRC32", "CRC32C", "CRC64NVME"})
    void fullChecksumsAreOfTheBytes(String algorithm) {
        String key = "full-" + algorithm;
        String upload = String.valueOf(store.request("POST", "/" + bucket + "/" + key + "?uploads")
                .header("x-amz-checksum-algorithm", algorithm)
                .header("x-amz-checksum-type", "FULL_OBJECT")
                .send()
                .element("UploadId"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] second = bytes(77, 2);
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            RawResponse put = store.request(
                            "PUT", "/" + bucket + "/" + key + "?partNumber=" + number + "&uploadId=" + upload)
                    .body(number == 1 ? first : second)
                    .send();
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(put.header("etag"))
                    .build());
        }
        String header = "x-amz-checksum-" + algorithm.toLowerCase(java.util.Locale.ROOT);
        String wrong = algorithm.equals("CRC64NVME") ? "AAAAAAAAAAA=" : "AAAAAA==";
        assertRefused(400, "BadDigest", complete(key, upload, Multipart.document(parts), header, wrong));
        RawResponse type = complete(key, upload, Multipart.document(parts), "x-amz-checksum-type", "COMPOSITE");
        assertThat(assertRefused(400, "InvalidRequest", type).element("Message"))
                .isEqualTo(
                        "The upload was created using the FULL_OBJECT checksum mode. The complete request must use the same"
                                + " checksum mode.");
        assertThat(exists(key)).isFalse();
        assertThat(complete(key, upload, Multipart.document(parts)).element("ChecksumType"))
                .isEqualTo("FULL_OBJECT");

        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        String copied = store.request("PUT", "/" + bucket + "/" + key + "-whole")
                .body(whole)
                .send()
                .header("etag");
        assertThat(copied).isNotBlank();
        RawResponse computed = store.request("PUT", "/" + bucket + "/" + key + "-summed")
                .header("x-amz-copy-source", bucket + "/" + key + "-whole")
                .header("x-amz-checksum-algorithm", algorithm)
                .send();
        RawResponse head = store.request("HEAD", "/" + bucket + "/" + key)
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(head.header(header)).isEqualTo(computed.element("Checksum" + algorithm));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUploadThatNamesNoAlgorithmGetsTheDefaultChecksum(boolean onePartHasAnother) {
        String key = "default-" + onePartHasAnother;
        String upload = String.valueOf(store.request("POST", "/" + bucket + "/" + key + "?uploads")
                .send()
                .element("UploadId"));
        byte[] first = bytes(MIN_PART, 1);
        byte[] second = "a".getBytes(StandardCharsets.US_ASCII);
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            RawRequest put = store.request(
                            "PUT", "/" + bucket + "/" + key + "?partNumber=" + number + "&uploadId=" + upload)
                    .body(number == 1 ? first : second);
            if (number == 2 && onePartHasAnother) {
                put.header("x-amz-checksum-crc32", "6Le+Qw==");
            }
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(put.send().header("etag"))
                    .build());
        }
        RawResponse completed = complete(key, upload, Multipart.document(parts));

        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        String expected = onePartHasAnother
                ? null
                : store.request("PUT", "/" + bucket + "/" + key + "-whole")
                        .body(whole)
                        .send()
                        .header("x-amz-checksum-crc64nvme");
        assertThat(completed.element("ChecksumCRC64NVME")).isEqualTo(expected);
        assertThat(completed.element("ChecksumType")).isEqualTo(onePartHasAnother ? null : "FULL_OBJECT");
        RawResponse head = store.request("HEAD", "/" + bucket + "/" + key)
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(head.header("x-amz-checksum-crc64nvme")).isEqualTo(expected);
    }

    @Test
    void theUploadMustBeThere() {
        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part>"
                + "</CompleteMultipartUpload>";
        for (String id : new String[] {"nonsense", "0198a0b0c0d0000000000000000000ff"}) {
            assertThat(assertRefused(404, "NoSuchUpload", complete("none", id, document))
                            .element("UploadId"))
                    .isEqualTo(id);
        }
        String upload = Multipart.create(store, bucket, "mine");
        assertRefused(404, "NoSuchUpload", complete("other", upload, document));
    }
}
