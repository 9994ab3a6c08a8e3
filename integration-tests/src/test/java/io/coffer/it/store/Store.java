package io.coffer.it.store;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A running store, and ways to talk to it. Test classes get it as a parameter and share it; each uses buckets of its own. */
public final class Store implements AutoCloseable {
    private static final AtomicInteger BUCKETS = new AtomicInteger();

    private final URI endpoint;
    private final URI admin;
    private final String accessKey;
    private final String secretKey;
    private final String accountId;
    private final S3Client s3;

    /** Talks to the store whose interfaces these are. */
    public Store(URI endpoint, URI admin, String accessKey, String secretKey) {
        this(endpoint, admin, accessKey, secretKey, "");
    }

    private Store(URI endpoint, URI admin, String accessKey, String secretKey, String accountId) {
        this.endpoint = endpoint;
        this.admin = admin;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        this.accountId = accountId;
        this.s3 = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .overrideConfiguration(client -> client.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    public URI endpoint() {
        return endpoint;
    }

    public String accessKey() {
        return accessKey;
    }

    public String secretKey() {
        return secretKey;
    }

    public AwsCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey));
    }

    /** Of an account that {@link #newAccount} made. */
    public String accountId() {
        return accountId;
    }

    /** The id by which grants know the account. */
    public String canonicalId() {
        return s3.listBuckets().owner().id();
    }

    /** The stock client, which doesn't repeat what failed. */
    public S3Client s3() {
        return s3;
    }

    /** @param target path and query as they are to be sent */
    public RawRequest request(String method, String target) {
        return new RawRequest(this, endpoint, method, target);
    }

    /** A request to the admin interface. */
    public RawRequest adminRequest(String method, String target) {
        return new RawRequest(this, admin, method, target);
    }

    /** A form that uploads to the key; signed unless told otherwise. */
    public SignedForm form(String bucket, String key) {
        return new SignedForm(this, bucket, key);
    }

    /** The same store to somebody else: a new account with a key of its own. */
    public Store newAccount() {
        String name = freshName();
        String account = new RawRequest(this, admin, "POST", "/v1/accounts")
                .header("Content-Type", "application/json")
                .body("{\"name\":\"" + name + "\"}")
                .send()
                .text();
        String key = new RawRequest(this, admin, "POST", "/v1/keys")
                .header("Content-Type", "application/json")
                .body("{\"account\":\"" + name + "\"}")
                .send()
                .text();
        return new Store(
                endpoint, admin, member(key, "accessKey"), member(key, "secretKey"), member(account, "accountId"));
    }

    /** Asks the admin interface as this store's account. */
    public RawRequest admin(String method, String target) {
        return new RawRequest(this, admin, method, target);
    }

    /** Makes a key of the key store; answers its id. */
    public String newKey(String alias) {
        String key = admin("POST", "/v1/kms/keys")
                .header("Content-Type", "application/json")
                .body("{\"alias\":\"" + alias + "\"}")
                .send()
                .text();
        return member(key, "keyId");
    }

    private static String member(String json, String name) {
        Matcher matcher =
                Pattern.compile('"' + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new AssertionError(name + " is not in " + json);
        }
        return matcher.group(1);
    }

    /** The name of a bucket that isn't there. */
    public String freshName() {
        return "it-%d-%04d".formatted(ProcessHandle.current().pid(), BUCKETS.incrementAndGet());
    }

    /** A new, empty bucket. */
    public String newBucket() {
        String name = freshName();
        s3.createBucket(bucket -> bucket.bucket(name));
        return name;
    }

    @Override
    public void close() {
        s3.close();
    }
}
