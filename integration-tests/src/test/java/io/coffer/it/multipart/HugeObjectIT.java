package io.coffer.it.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The most parts an object can have, and nearly the most bytes: by sharing, so that the disk holds them once. */
@ExtendWith(StoreExtension.class)
class HugeObjectIT {
    private static final int PARTS = 10_000;
    private static final int PART = 512 << 20;
    private static final int PIECE = 64 << 20;
    private static final int AT_ONCE = 16;

    private final Store store;
    private final String bucket;

    HugeObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void fiveTebibytesInTenThousandParts() throws Exception {
        byte[] piece = Multipart.bytes(PIECE, 1);
        putSource(piece);
        String upload = Multipart.create(store, bucket, "huge");
        List<CompletedPart> parts = copies(upload);
        RawResponse completed = store.request("POST", "/" + bucket + "/huge?uploadId=" + upload)
                .body(Multipart.document(parts))
                .send();
        assertThat(completed.code()).as(completed.toString()).isEmpty();
        assertThat(completed.element("ETag")).endsWith("-10000\"");

        long size = (long) PARTS * PART;
        RawResponse head = store.request("HEAD", "/" + bucket + "/huge").send();
        assertThat(head.header("content-length")).isEqualTo(Long.toString(size));
        Random random = new Random(2);
        for (int i = 0; i < 20; i++) {
            long first = i == 0 ? size - 100 : random.nextLong(size - 100);
            RawResponse range = store.request("GET", "/" + bucket + "/huge")
                    .header("Range", "bytes=" + first + "-" + (first + 99))
                    .send();
            assertThat(range.status()).isEqualTo(206);
            byte[] expected = new byte[100];
            for (int b = 0; b < expected.length; b++) {
                expected[b] = piece[(int) ((first + b) % PIECE)];
            }
            assertThat(range.body()).as("from %d", first).isEqualTo(expected);
        }
        RawResponse last =
                store.request("HEAD", "/" + bucket + "/huge?partNumber=10000").send();
        assertThat(last.header("content-range")).isEqualTo("bytes " + (size - PART) + "-" + (size - 1) + "/" + size);

        store.s3().deleteObject(delete -> delete.bucket(bucket).key("huge"));
        RawResponse source = store.request("GET", "/" + bucket + "/source")
                .header("Range", "bytes=0-99")
                .send();
        assertThat(source.body()).isEqualTo(Arrays.copyOf(piece, 100));
    }

    private void putSource(byte[] piece) {
        String upload = Multipart.create(store, bucket, "source");
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= PART / PIECE; number++) {
            parts.add(Multipart.part(store, bucket, "source", upload, number, piece));
        }
        Multipart.complete(store, bucket, "source", upload, parts);
    }

    private List<CompletedPart> copies(String upload) throws Exception {
        Semaphore permits = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CompletedPart>> copies = IntStream.rangeClosed(1, PARTS)
                    .mapToObj(number -> threads.submit(() -> {
                        permits.acquire();
                        try {
                            return copy(upload, number);
                        } finally {
                            permits.release();
                        }
                    }))
                    .toList();
            List<CompletedPart> parts = new ArrayList<>();
            for (Future<CompletedPart> copy : copies) {
                parts.add(copy.get());
            }
            return parts;
        }
    }

    private CompletedPart copy(String upload, int number) {
        RawResponse copied = store.request("PUT", "/" + bucket + "/huge?partNumber=" + number + "&uploadId=" + upload)
                .header("x-amz-copy-source", bucket + "/source")
                .send();
        assertThat(copied.status()).as(copied.toString()).isEqualTo(200);
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(copied.element("ETag"))
                .build();
    }
}
