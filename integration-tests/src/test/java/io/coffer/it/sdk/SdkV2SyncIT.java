package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

@ExtendWith(StoreExtension.class)
class SdkV2SyncIT {
    private final Store store;

    SdkV2SyncIT(Store store) {
        this.store = store;
    }

    private S3ClientBuilder client(SdkHttpClient http) {
        return S3Client.builder()
                .endpointOverride(store.endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(store.credentials())
                .forcePathStyle(true)
                .httpClient(http);
    }

    @ParameterizedTest
    @EnumSource
    void doesItsOrdinaryJobsOverAnyTransport(Transport transport) {
        try (SdkHttpClient http = transport.open();
                S3Client s3 = client(http).build()) {
            OrdinaryJobs.run(s3, store);
        }
    }

    private enum Transport {
        APACHE,
        URL_CONNECTION,
        CRT;

        SdkHttpClient open() {
            return switch (this) {
                case APACHE -> ApacheHttpClient.create();
                case URL_CONNECTION -> UrlConnectionHttpClient.create();
                case CRT -> AwsCrtHttpClient.create();
            };
        }
    }

    @Test
    void worksWithoutChecksumsAndWithoutChunks() {
        try (SdkHttpClient http = ApacheHttpClient.create();
                S3Client s3 = client(http)
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(config -> config.chunkedEncodingEnabled(false))
                        .forcePathStyle(null)
                        .serviceConfiguration(
                                config -> config.chunkedEncodingEnabled(false).pathStyleAccessEnabled(true))
                        .build()) {
            OrdinaryJobs.run(s3, store);
        }
    }

    @Test
    void presignsLinks() throws Exception {
        String bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("a b"), RequestBody.fromString("linked"));
        try (S3Presigner presigner = S3Presigner.builder()
                        .s3Client(store.s3())
                        .region(Region.US_EAST_1)
                        .endpointOverride(store.endpoint())
                        .credentialsProvider(store.credentials())
                        .serviceConfiguration(software.amazon.awssdk.services.s3.S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build())
                        .build();
                HttpClient http = HttpClient.newHttpClient()) {
            URI get = presigner
                    .presignGetObject(link -> link.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(
                                    object -> object.bucket(bucket).key("a b").responseContentType("x/y")))
                    .url()
                    .toURI();
            HttpResponse<String> got =
                    http.send(HttpRequest.newBuilder(get).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(got.body()).isEqualTo("linked");
            assertThat(got.headers().firstValue("content-type")).contains("x/y");
            URI put = presigner
                    .presignPutObject(link -> link.signatureDuration(Duration.ofMinutes(5))
                            .putObjectRequest(object -> object.bucket(bucket).key("put")))
                    .url()
                    .toURI();
            HttpResponse<String> stored = http.send(
                    HttpRequest.newBuilder(put)
                            .PUT(HttpRequest.BodyPublishers.ofString("by link"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
            assertThat(store.s3()
                            .getObjectAsBytes(object -> object.bucket(bucket).key("put"))
                            .asUtf8String())
                    .isEqualTo("by link");
            HttpResponse<String> other =
                    http.send(HttpRequest.newBuilder(get).DELETE().build(), HttpResponse.BodyHandlers.ofString());
            assertThat(other.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void streamsWhatItDoesNotHold() {
        String bucket = store.newBucket();
        List<byte[]> pieces = Stream.generate(() -> new byte[1 << 20]).limit(20).toList();
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("streamed"),
                        RequestBody.fromContentProvider(
                                () -> new java.io.SequenceInputStream(java.util.Collections.enumeration(pieces.stream()
                                        .map(java.io.ByteArrayInputStream::new)
                                        .toList())),
                                20L << 20,
                                "application/octet-stream"));
        assertThat(store.s3()
                        .headObject(head -> head.bucket(bucket).key("streamed"))
                        .contentLength())
                .isEqualTo(20L << 20);
    }
}
