package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.AmazonS3Exception;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import com.amazonaws.services.s3.transfer.TransferManager;
import com.amazonaws.services.s3.transfer.TransferManagerBuilder;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first Amazon SDK for Java, which is in many programs that nobody rebuilds. */
@ExtendWith(StoreExtension.class)
class SdkV1IT {
    private final Store store;

    SdkV1IT(Store store) {
        this.store = store;
    }

    private AmazonS3 client(boolean chunked) {
        return AmazonS3ClientBuilder.standard()
                .withEndpointConfiguration(new AwsClientBuilder.EndpointConfiguration(
                        store.endpoint().toString(), "us-east-1"))
                .withCredentials(
                        new AWSStaticCredentialsProvider(new BasicAWSCredentials(store.accessKey(), store.secretKey())))
                .withPathStyleAccessEnabled(true)
                .withChunkedEncodingDisabled(!chunked)
                .build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesItsOrdinaryJobs(boolean chunked, @TempDir Path directory) throws Exception {
        AmazonS3 s3 = client(chunked);
        String bucket = store.freshName();
        s3.createBucket(bucket);
        assertThat(s3.doesBucketExistV2(bucket)).isTrue();
        byte[] bytes = OrdinaryJobs.bytes();
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentLength(bytes.length);
        metadata.setContentType("x/y");
        metadata.addUserMetadata("k", "v");
        s3.putObject(bucket, "dir/a b+c ä.bin", new ByteArrayInputStream(bytes), metadata);
        try (var object = s3.getObject(bucket, "dir/a b+c ä.bin")) {
            assertThat(object.getObjectContent().readAllBytes()).isEqualTo(bytes);
            assertThat(object.getObjectMetadata().getContentType()).isEqualTo("x/y");
            assertThat(object.getObjectMetadata().getUserMetadata()).containsEntry("k", "v");
        }
        try (var range = s3.getObject(new GetObjectRequest(bucket, "dir/a b+c ä.bin").withRange(3, 5))) {
            assertThat(range.getObjectContent().readAllBytes()).hasSize(3);
        }
        s3.copyObject(bucket, "dir/a b+c ä.bin", bucket, "copy");
        assertThat(s3.listObjects(bucket).getObjectSummaries())
                .extracting(S3ObjectSummary::getKey)
                .containsExactly("copy", "dir/a b+c ä.bin");
        assertThat(s3.listObjectsV2(new ListObjectsV2Request()
                                .withBucketName(bucket)
                                .withDelimiter("/"))
                        .getCommonPrefixes())
                .containsExactly("dir/");
        assertThat(s3.getObjectAsString(bucket, "copy")).isNotEmpty();
        assertThatThrownBy(() -> s3.getObject(bucket, "missing"))
                .isInstanceOfSatisfying(
                        AmazonS3Exception.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo("NoSuchKey"));

        Path file = Files.write(directory.resolve("large"), new byte[21 << 20]);
        TransferManager transfers = TransferManagerBuilder.standard()
                .withS3Client(s3)
                .withMinimumUploadPartSize(5L << 20)
                .withMultipartUploadThreshold(5L << 20)
                .build();
        try {
            transfers.upload(bucket, "large", file.toFile()).waitForCompletion();
            Path back = directory.resolve("back");
            transfers.download(bucket, "large", back.toFile()).waitForCompletion();
            assertThat(back).hasSameBinaryContentAs(file);
        } finally {
            transfers.shutdownNow(false);
        }
        assertThat(s3.deleteObjects(new DeleteObjectsRequest(bucket).withKeys("copy", "dir/a b+c ä.bin", "large"))
                        .getDeletedObjects())
                .hasSize(3);
        s3.deleteBucket(bucket);
        assertThat(s3.doesBucketExistV2(bucket)).isFalse();
        s3.shutdown();
    }
}
