package io.coffer.it;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.http.conn.DnsResolver;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.metrics.CoreMetric;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.metrics.MetricCollection;
import software.amazon.awssdk.metrics.MetricPublisher;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A light load of a stock client with its ordinary retries: every key is written once, and read at once and now and then later. What
 * is left of a request after the retries is a failure.
 */
public final class WriteOnceLoad implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

    /** Inlined, of one chunk, and of several writes. */
    private static final int[] LENGTHS = {100, 20_000, 400_000};

    private final S3Client s3;
    private final String bucket;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean stopped;

    /** Makes the bucket and starts. */
    public WriteOnceLoad(URI endpoint, String bucket, Random random) {
        this(endpoint, bucket, random, SystemDefaultDnsResolver.INSTANCE);
    }

    /**
     * The same.
     *
     * @param names knows the endpoint's name; the stock client tries one address after the other
     */
    public WriteOnceLoad(URI endpoint, String bucket, Random random, DnsResolver names) {
        this.bucket = bucket;
        this.s3 = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder()
                        .socketTimeout(Duration.ofSeconds(20))
                        .dnsResolver(names))
                .overrideConfiguration(configuration -> configuration.addMetricPublisher(new Retries()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
        s3.createBucket(request -> request.bucket(bucket));
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Random own = new Random(random.nextLong());
            threads.add(Thread.ofPlatform().name("load-" + i).start(() -> run(number, own)));
        }
    }

    private void run(int number, Random random) {
        List<String> written = new ArrayList<>();
        for (int i = 0; !stopped; i++) {
            String key = number + "/" + i + "." + LENGTHS[random.nextInt(LENGTHS.length)];
            if (attempt(
                    "PUT",
                    key,
                    () -> s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(body(key))))) {
                acknowledged.add(key);
                written.add(key);
            }
            if (!written.isEmpty()) {
                read(written.getLast());
                read(written.get(random.nextInt(written.size())));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void read(String key) {
        attempt("GET", key, () -> {
            byte[] got = s3.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                    .asByteArray();
            if (!Arrays.equals(got, body(key))) {
                throw new IllegalStateException("other bytes than were written");
            }
        });
    }

    private boolean attempt(String what, String key, Runnable request) {
        long began = System.nanoTime();
        try {
            request.run();
            answered.incrementAndGet();
            return true;
        } catch (RuntimeException e) {
            failures.add(what + " " + key + ": " + e);
            return false;
        } finally {
            longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        }
    }

    /** What a key holds follows from the key. */
    private static byte[] body(String key) {
        byte[] body = new byte[Integer.parseInt(key.substring(key.indexOf('.') + 1))];
        new Random(key.hashCode()).nextBytes(body);
        return body;
    }

    /** Tries beyond the first of all requests. */
    public long retries() {
        return retries.get();
    }

    public long answered() {
        return answered.get();
    }

    /** Requests that failed for good, with why. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The longest request, its retries included. */
    public Duration longest() {
        return Duration.ofNanos(longestNanos.get());
    }

    public void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Reads back every object that was acknowledged; what it finds missing or changed joins the failures. */
    public void readBack() {
        acknowledged.forEach(this::read);
        Set<String> missing = new TreeSet<>(acknowledged);
        s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .forEach(missing::remove);
        missing.forEach(key -> failures.add("LIST: " + key + " is missing"));
    }

    public int acknowledged() {
        return acknowledged.size();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
        s3.close();
    }

    private final class Retries implements MetricPublisher {
        @Override
        public void publish(MetricCollection request) {
            request.metricValues(CoreMetric.RETRY_COUNT).forEach(retries::addAndGet);
        }

        @Override
        public void close() {}
    }
}
