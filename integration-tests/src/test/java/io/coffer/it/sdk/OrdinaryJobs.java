package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.it.store.Store;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** What every client does every day, from making a bucket to deleting it. */
final class OrdinaryJobs {
    private static final int SIZE = 3_333_333;

    private OrdinaryJobs() {}

    static byte[] bytes() {
        byte[] bytes = new byte[SIZE];
        new Random(SIZE).nextBytes(bytes);
        return bytes;
    }

    static void run(S3Client s3, Store store) {
        String bucket = store.freshName();
        s3.createBucket(create -> create.bucket(bucket));
        assertThat(s3.listBuckets().buckets()).anyMatch(listed -> listed.name().equals(bucket));

        byte[] bytes = bytes();
        String etag = s3.putObject(
                        put -> put.bucket(bucket).key("dir/a b+c ä.bin").metadata(Map.of("k", "v")),
                        RequestBody.fromBytes(bytes))
                .eTag();
        var got = s3.getObjectAsBytes(get -> get.bucket(bucket).key("dir/a b+c ä.bin"));
        assertThat(got.asByteArray()).isEqualTo(bytes);
        assertThat(got.response().eTag()).isEqualTo(etag);
        assertThat(got.response().metadata()).containsEntry("k", "v");
        assertThat(s3.getObjectAsBytes(
                                get -> get.bucket(bucket).key("dir/a b+c ä.bin").range("bytes=7-11"))
                        .asByteArray())
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, 7, 12));

        s3.putObject(put -> put.bucket(bucket).key("empty"), RequestBody.empty());
        assertThat(s3.headObject(head -> head.bucket(bucket).key("empty")).contentLength())
                .isZero();
        s3.copyObject(copy -> copy.sourceBucket(bucket)
                .sourceKey("dir/a b+c ä.bin")
                .destinationBucket(bucket)
                .destinationKey("copy"));
        assertThat(s3.getObjectAsBytes(get -> get.bucket(bucket).key("copy")).asByteArray())
                .isEqualTo(bytes);

        assertThat(s3.listObjectsV2(list -> list.bucket(bucket)).contents())
                .extracting(object -> object.key())
                .containsExactly("copy", "dir/a b+c ä.bin", "empty");
        assertThat(s3.listObjectsV2(list -> list.bucket(bucket).delimiter("/")).commonPrefixes())
                .extracting(prefix -> prefix.prefix())
                .containsExactly("dir/");

        assertThatThrownBy(() -> s3.getObjectAsBytes(get -> get.bucket(bucket).key("missing")))
                .isInstanceOf(NoSuchKeyException.class);
        s3.deleteObject(delete -> delete.bucket(bucket).key("empty"));
        assertThat(s3.deleteObjects(delete -> delete.bucket(bucket)
                                .delete(objects -> objects.objects(IntStream.range(0, 2)
                                        .mapToObj(i -> ObjectIdentifier.builder()
                                                .key(i == 0 ? "copy" : "dir/a b+c ä.bin")
                                                .build())
                                        .toList())))
                        .deleted())
                .hasSize(2);
        s3.deleteBucket(delete -> delete.bucket(bucket));
        assertThatThrownBy(() -> s3.listObjectsV2(list -> list.bucket(bucket)))
                .isInstanceOf(NoSuchBucketException.class);
    }
}
