package io.coffer.it.history;

import io.coffer.it.StoreProcess;
import io.coffer.it.history.KeyOperation.Effect;
import io.coffer.it.history.KeyOperation.Outcome;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A client of one server that checks every byte it gets and records what it asked and what it saw. The methods return whether
 * there was an answer that says what happened; the stock client tells a broken connection by either of two exceptions.
 * Thread-safe.
 */
final class RecordingClient implements AutoCloseable {
    /** The shortest part but the last; a longer value is uploaded in parts. */
    static final int PART_BYTES = 5 << 20;

    private final int number;
    private final String bucket;
    private final History history;
    private final S3Client s3;

    RecordingClient(int number, URI endpoint, String bucket, History history) {
        this.number = number;
        this.bucket = bucket;
        this.history = history;
        this.s3 = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(20)))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }

    /** The stock client, for what needs no record. */
    S3Client s3() {
        return s3;
    }

    boolean write(String key, int length) {
        return length > PART_BYTES ? writeInParts(key, length) : writeAtOnce(key, length);
    }

    private boolean writeAtOnce(String key, int length) {
        String value = history.newValue(number, length);
        long called = System.nanoTime();
        try {
            String etag = s3.putObject(request -> request.bucket(bucket).key(key), body(value))
                    .eTag();
            history.learn(value, etag);
            return record(key, called, new Effect.Write(value), true);
        } catch (SdkException | UncheckedIOException e) {
            return unanswered(key, called, new Effect.Write(value), e);
        }
    }

    /** Nothing may be seen of it before it is told to complete. */
    private boolean writeInParts(String key, int length) {
        String value = history.newValue(number, length);
        byte[] bytes = ValueBody.of(value);
        long called = System.nanoTime();
        boolean completing = false;
        try {
            String upload = s3.createMultipartUpload(
                            request -> request.bucket(bucket).key(key))
                    .uploadId();
            List<CompletedPart> parts = new ArrayList<>();
            for (int from = 0; from < length; from += PART_BYTES) {
                int part = parts.size() + 1;
                byte[] some = Arrays.copyOfRange(bytes, from, Math.min(length, from + PART_BYTES));
                String etag = s3.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(part),
                                RequestBody.fromBytes(some))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(part).eTag(etag).build());
            }
            called = System.nanoTime();
            completing = true;
            String etag = s3.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(multipart -> multipart.parts(parts)))
                    .eTag();
            history.learn(value, etag);
            return record(key, called, new Effect.Write(value), true);
        } catch (SdkException | UncheckedIOException e) {
            if (completing) {
                return unanswered(key, called, new Effect.Write(value), e);
            }
            history.addUnanswered(e);
            return false;
        }
    }

    boolean delete(String key) {
        long called = System.nanoTime();
        try {
            s3.deleteObject(request -> request.bucket(bucket).key(key));
            return record(key, called, new Effect.Delete(), true);
        } catch (SdkException | UncheckedIOException e) {
            return unanswered(key, called, new Effect.Delete(), e);
        }
    }

    boolean writeIfAbsent(String key, int length) {
        String value = history.newValue(number, length);
        long called = System.nanoTime();
        Outcome outcome = outcome(() -> history.learn(
                value,
                s3.putObject(request -> request.bucket(bucket).key(key).ifNoneMatch("*"), body(value))
                        .eTag()));
        return record(key, called, new Effect.ConditionalWrite(null, value, outcome), outcome != null);
    }

    /** Reads, and writes if what it found is still there. */
    boolean writeIfMatch(String key, int length) {
        Optional<Found> found = read(key);
        if (found.isEmpty()) {
            return false;
        }
        String expected = found.get().value();
        if (expected == null) {
            return true;
        }
        String value = history.newValue(number, length);
        long called = System.nanoTime();
        Outcome outcome = outcome(() -> history.learn(
                value,
                s3.putObject(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .ifMatch(found.get().etag()),
                                body(value))
                        .eTag()));
        return record(key, called, new Effect.ConditionalWrite(expected, value, outcome), outcome != null);
    }

    /** What a read saw; both null for no object. */
    record Found(@Nullable String value, @Nullable String etag) {}

    /** Empty when there was no answer. */
    Optional<Found> read(String key) {
        long called = System.nanoTime();
        try {
            var got = s3.getObjectAsBytes(request -> request.bucket(bucket).key(key));
            String value = ValueBody.valueOf(got.asByteArray());
            String etag = got.response().eTag();
            String known = history.etagOf(value);
            if (known != null && !known.equals(etag)) {
                throw new AssertionError("the ETag of " + value + " was " + known + " and is now " + etag);
            }
            record(key, called, new Effect.Read(value), true);
            return Optional.of(new Found(value, etag));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                record(key, called, new Effect.Read(null), true);
                return Optional.of(new Found(null, null));
            }
            history.addUnanswered(e);
            return Optional.empty();
        } catch (SdkException | UncheckedIOException e) {
            history.addUnanswered(e);
            return Optional.empty();
        }
    }

    private boolean record(String key, long called, Effect effect, boolean answered) {
        history.add(new KeyOperation(key, number, called, answered ? System.nanoTime() : KeyOperation.NEVER, effect));
        return answered;
    }

    private boolean unanswered(String key, long called, Effect effect, Exception why) {
        history.addUnanswered(why);
        return record(key, called, effect, false);
    }

    private @Nullable Outcome outcome(Runnable write) {
        try {
            write.run();
            return Outcome.DONE;
        } catch (AwsServiceException e) {
            return switch (e.statusCode()) {
                case 412 -> Outcome.FAILED;
                case 404 -> Outcome.MISSING;
                default -> {
                    history.addUnanswered(e);
                    yield null;
                }
            };
        } catch (SdkException | UncheckedIOException e) {
            history.addUnanswered(e);
            return null;
        }
    }

    private static RequestBody body(String value) {
        return RequestBody.fromBytes(ValueBody.of(value));
    }

    @Override
    public void close() {
        s3.close();
    }
}
