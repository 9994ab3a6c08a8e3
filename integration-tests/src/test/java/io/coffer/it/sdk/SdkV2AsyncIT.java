package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.DirectoryUpload;
import software.amazon.awssdk.transfer.s3.model.FileUpload;

@ExtendWith(StoreExtension.class)
class SdkV2AsyncIT {
    private static final int LARGE = 21 << 20;

    private final Store store;
    private final String bucket;

    SdkV2AsyncIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    /** The three asynchronous clients. */
    private enum Kind {
        NETTY,
        NETTY_MULTIPART,
        CRT;

        S3AsyncClient open(Store store) {
            return switch (this) {
                case NETTY ->
                    S3AsyncClient.builder()
                            .endpointOverride(store.endpoint())
                            .region(Region.US_EAST_1)
                            .credentialsProvider(store.credentials())
                            .forcePathStyle(true)
                            .build();
                case NETTY_MULTIPART ->
                    S3AsyncClient.builder()
                            .endpointOverride(store.endpoint())
                            .region(Region.US_EAST_1)
                            .credentialsProvider(store.credentials())
                            .forcePathStyle(true)
                            .multipartEnabled(true)
                            .build();
                case CRT ->
                    S3AsyncClient.crtBuilder()
                            .endpointOverride(store.endpoint())
                            .region(Region.US_EAST_1)
                            .credentialsProvider(store.credentials())
                            .forcePathStyle(true)
                            .minimumPartSizeInBytes(8L << 20)
                            .build();
            };
        }

        /**
         * Asks for an object as a whole. The SDK's downloader of parts (2.54.13) loses the result of an empty object now and then,
         * whatever the server: when its one part is complete before it has noted that the part began, nobody completes the caller's
         * future. Asked for the first part, which is what it sends by itself, it leaves the downloader out.
         */
        GetObjectRequest.Builder whole(GetObjectRequest.Builder get, int size) {
            return this == NETTY_MULTIPART && size == 0 ? get.partNumber(1) : get;
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource
    void movesSmallAndLargeObjects(Kind kind) {
        try (S3AsyncClient s3 = kind.open(store)) {
            for (int size : new int[] {0, 5, 100_000, LARGE}) {
                byte[] bytes = bytes(size);
                String key = kind + "/" + size;
                s3.putObject(put -> put.bucket(bucket).key(key), AsyncRequestBody.fromBytes(bytes))
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join();
                assertThat(s3.getObject(
                                        get -> kind.whole(get.bucket(bucket).key(key), size),
                                        AsyncResponseTransformer.toBytes())
                                .orTimeout(60, TimeUnit.SECONDS)
                                .join()
                                .asByteArray())
                        .isEqualTo(bytes);
            }
            assertThat(s3.listObjectsV2(list -> list.bucket(bucket))
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .contents())
                    .hasSize(4);
        }
    }

    @Test
    void movesManyAtOnce() {
        try (S3AsyncClient s3 = Kind.NETTY.open(store)) {
            List<CompletableFuture<?>> puts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = bytes(i * 37);
                String key = "many/" + i;
                puts.add(s3.putObject(put -> put.bucket(bucket).key(key), AsyncRequestBody.fromBytes(bytes))
                        .thenCompose(_ ->
                                s3.getObject(get -> get.bucket(bucket).key(key), AsyncResponseTransformer.toBytes()))
                        .thenAccept(got -> assertThat(got.asByteArray()).isEqualTo(bytes)));
            }
            CompletableFuture.allOf(puts.toArray(CompletableFuture<?>[]::new))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NETTY_MULTIPART", "CRT"})
    void transfersFilesAndFolders(Kind kind, @TempDir Path directory) throws Exception {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.write(source.resolve("large.bin"), bytes(LARGE));
        Files.write(Files.createDirectory(source.resolve("sub")).resolve("small.txt"), bytes(10));
        try (S3AsyncClient s3 = kind.open(store);
                S3TransferManager transfers =
                        S3TransferManager.builder().s3Client(s3).build()) {
            FileUpload upload = transfers.uploadFile(request -> request.source(source.resolve("large.bin"))
                    .putObjectRequest(put -> put.bucket(bucket).key("file")));
            assertThat(upload.completionFuture()
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .response()
                            .eTag())
                    .isNotBlank();
            Path back = directory.resolve("back.bin");
            transfers
                    .downloadFile(request -> request.destination(back)
                            .getObjectRequest(get -> get.bucket(bucket).key("file")))
                    .completionFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            assertThat(back).hasSameBinaryContentAs(source.resolve("large.bin"));

            DirectoryUpload folder = transfers.uploadDirectory(
                    request -> request.source(source).bucket(bucket).s3Prefix("folder"));
            assertThat(folder.completionFuture()
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .failedTransfers())
                    .isEmpty();
            Path target = directory.resolve("target");
            assertThat(transfers
                            .downloadDirectory(request -> request.bucket(bucket)
                                    .destination(target)
                                    .listObjectsV2RequestTransformer(list -> list.prefix("folder/")))
                            .completionFuture()
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .failedTransfers())
                    .isEmpty();
            assertThat(target.resolve("large.bin")).hasSameBinaryContentAs(source.resolve("large.bin"));
            assertThat(target.resolve("sub/small.txt")).hasSameBinaryContentAs(source.resolve("sub/small.txt"));

            transfers
                    .copy(request -> request.copyObjectRequest(copy -> copy.sourceBucket(bucket)
                            .sourceKey("file")
                            .destinationBucket(bucket)
                            .destinationKey("copied")))
                    .completionFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
            assertThat(s3.headObject(head -> head.bucket(bucket).key("copied"))
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .contentLength())
                    .isEqualTo(LARGE);
        }
    }
}
