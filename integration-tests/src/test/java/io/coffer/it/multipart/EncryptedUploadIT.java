package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Uploads whose parts are encrypted. */
@ExtendWith(StoreExtension.class)
class EncryptedUploadIT {
    private static final String CUSTOMER = "x-amz-server-side-encryption-customer-";
    private static final byte[] FIRST = Multipart.bytes(Multipart.MIN_PART, 1);
    private static final byte[] LAST = Multipart.bytes(100_001, 2);
    private static final byte[] WHOLE =
            ByteBuffer.allocate(FIRST.length + LAST.length).put(FIRST).put(LAST).array();

    private final Store store;
    private final String bucket;

    EncryptedUploadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private byte[] get(String key, String range) {
        return store.s3()
                .getObjectAsBytes(get -> get.bucket(bucket).key(key).range(range))
                .asByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AES256", "aws:kms"})
    void partsAreEncryptedAsTheUploadSays(String method) {
        CreateMultipartUploadResponse created = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket)
                        .key("k")
                        .serverSideEncryption(method)
                        .bucketKeyEnabled(method.equals("aws:kms") ? true : null));
        assertThat(created.serverSideEncryptionAsString()).isEqualTo(method);
        String upload = created.uploadId();
        UploadPartResponse part = store.s3()
                .uploadPart(
                        put -> put.bucket(bucket).key("k").uploadId(upload).partNumber(1),
                        RequestBody.fromBytes(FIRST));
        assertThat(part.serverSideEncryptionAsString()).isEqualTo(method);
        boolean isMd5 = part.eTag().equals('"' + HexFormat.of().formatHex(Multipart.md5(FIRST)) + '"');
        assertThat(isMd5).isEqualTo(method.equals("AES256"));
        CompletedPart first =
                CompletedPart.builder().partNumber(1).eTag(part.eTag()).build();
        CompletedPart last = Multipart.part(store, bucket, "k", upload, 2, LAST);
        Multipart.complete(store, bucket, "k", upload, List.of(first, last));
        HeadObjectResponse head =
                store.s3().headObject(get -> get.bucket(bucket).key("k"));
        assertThat(head.serverSideEncryptionAsString()).isEqualTo(method);
        assertThat(head.contentLength()).isEqualTo(WHOLE.length);
        assertThat(get("k", "bytes=0-")).isEqualTo(WHOLE);
        int border = FIRST.length;
        assertThat(get("k", "bytes=" + (border - 5) + "-" + (border + 4)))
                .isEqualTo(Arrays.copyOfRange(WHOLE, border - 5, border + 5));
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("k").partNumber(2))
                        .asByteArray())
                .isEqualTo(LAST);

        // A copy of the whole shares the parts; one with another method is written anew.
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey("same")
                        .serverSideEncryption(method));
        assertThat(get("same", "bytes=0-")).isEqualTo(WHOLE);
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey("plain"));
        assertThat(get("plain", "bytes=0-")).isEqualTo(WHOLE);
    }

    @Test
    void partsAreCopiedFromAnyEncryptionIntoAnyOther() {
        for (String source : new String[] {"", "AES256", "aws:kms"}) {
            store.s3()
                    .putObject(
                            put -> put.bucket(bucket)
                                    .key("source")
                                    .serverSideEncryption(source.isEmpty() ? null : source),
                            RequestBody.fromBytes(WHOLE));
            for (String target : new String[] {"", "AES256", "aws:kms"}) {
                String upload = store.s3()
                        .createMultipartUpload(create ->
                                create.bucket(bucket).key("k").serverSideEncryption(target.isEmpty() ? null : target))
                        .uploadId();
                String etag = store.s3()
                        .uploadPartCopy(copy -> copy.sourceBucket(bucket)
                                .sourceKey("source")
                                .destinationBucket(bucket)
                                .destinationKey("k")
                                .uploadId(upload)
                                .partNumber(1)
                                .copySourceRange("bytes=70000-170000"))
                        .copyPartResult()
                        .eTag();
                Multipart.complete(
                        store,
                        bucket,
                        "k",
                        upload,
                        List.of(CompletedPart.builder().partNumber(1).eTag(etag).build()));
                assertThat(get("k", "bytes=0-"))
                        .as(source + " to " + target)
                        .isEqualTo(Arrays.copyOfRange(WHOLE, 70_000, 170_001));
            }
        }
    }

    private static RawRequest with(RawRequest request, String key) {
        byte[] bytes = key.repeat(32).getBytes(StandardCharsets.US_ASCII);
        return request.header(CUSTOMER + "algorithm", "AES256")
                .header(CUSTOMER + "key", Base64.getEncoder().encodeToString(bytes))
                .header(CUSTOMER + "key-MD5", Base64.getEncoder().encodeToString(Multipart.md5(bytes)));
    }

    @Test
    void everyPartNeedsTheCustomersKeyOfItsUpload() {
        RawResponse created =
                with(store.request("POST", "/" + bucket + "/k?uploads"), "a").send();
        assertThat(created.header(CUSTOMER + "algorithm")).isEqualTo("AES256");
        String upload = created.element("UploadId");
        String target = "/" + bucket + "/k?partNumber=1&uploadId=" + upload;
        assertRefused(
                400, "InvalidRequest", store.request("PUT", target).body("x").send());
        assertRefused(
                400,
                "InvalidRequest",
                with(store.request("PUT", target), "b").body("x").send());
        RawResponse part = with(store.request("PUT", target), "a").body(LAST).send();
        assertThat(part.status()).as(part.toString()).isEqualTo(200);
        assertThat(part.header(CUSTOMER + "algorithm")).isEqualTo("AES256");
        String document = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + part.header("etag")
                + "</ETag></Part></CompleteMultipartUpload>";
        String completion = "/" + bucket + "/k?uploadId=" + upload;
        assertRefused(
                400,
                "InvalidRequest",
                with(store.request("POST", completion), "b").body(document).send());
        assertThat(store.request("POST", completion).body(document).send().status())
                .isEqualTo(200);
        assertThat(with(store.request("GET", "/" + bucket + "/k"), "a").send().body())
                .isEqualTo(LAST);
        assertRefused(
                403,
                "AccessDenied",
                with(store.request("GET", "/" + bucket + "/k"), "b").send());
    }

    @Test
    void aPartOfAnUploadWithoutACustomersKeyTakesNone() {
        String upload = Multipart.create(store, bucket, "k");
        String target = "/" + bucket + "/k?partNumber=1&uploadId=" + upload;
        assertRefused(
                400,
                "InvalidRequest",
                with(store.request("PUT", target), "a").body("x").send());
    }
}
