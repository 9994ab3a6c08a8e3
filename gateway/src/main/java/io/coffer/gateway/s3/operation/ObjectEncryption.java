package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.kms.BuiltInKey;
import io.coffer.gateway.kms.EncryptionContext;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.payload.BodySealer;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.payload.DataSeal;
import io.coffer.gateway.payload.WrappingKey;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CustomerKey;
import io.coffer.gateway.s3.header.EncryptionHeaders;
import io.coffer.gateway.s3.header.EncryptionHeaders.Wish;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides how what a request writes is encrypted, and with which keys what it reads is opened: what the request says comes first, then what
 * the bucket says, then what the cluster does. Thread-safe.
 */
public final class ObjectEncryption {
    private static final int ETAG_BYTES = 16;
    private static final ByteBuffer NO_CHECK = ByteBuffer.allocate(0);

    private final KeyStore keys;
    private final CustomerKeyRule rule;
    private final SecureRandom random;

    public ObjectEncryption(KeyStore keys, CustomerKeyRule rule, SecureRandom random) {
        this.keys = keys;
        this.rule = rule;
        this.random = random;
    }

    /** How what a request writes is encrypted. */
    public final class Chosen {
        private final @Nullable Encryption encryption;
        private final @Nullable WrappingKey key;
        private final @Nullable CustomerKey customers;

        private Chosen(@Nullable Encryption encryption, @Nullable WrappingKey key, @Nullable CustomerKey customers) {
            this.encryption = encryption;
            this.key = key;
            this.customers = customers;
        }

        /** What is kept with the version; null for none. */
        public @Nullable Encryption encryption() {
            return encryption;
        }

        /** For one body; null when it isn't encrypted. */
        public @Nullable BodySealer sealer() {
            if (key == null || encryption == null) {
                return null;
            }
            DataSeal.Wrapper name = key.name();
            return key.sealer(random, name.isCustomer() ? null : () -> keys.newest(name.id(), encryption.context()));
        }

        /** Whether an ETag is the MD5 of the bytes; otherwise nothing can be told from it. */
        public boolean hasMd5Tags() {
            return encryption == null || encryption.hasMd5Tags();
        }

        /** Of bytes that were just written. */
        public String etag(BodyDigests digests) {
            return hasMd5Tags() ? digests.md5Hex() : randomTag();
        }

        /** One that says nothing about the bytes. */
        public String randomTag() {
            byte[] bytes = new byte[ETAG_BYTES];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        /** What the writer is told. */
        public void write(Headers.Builder response) {
            EncryptionHeaders.write(encryption, response);
            if (encryption != null && !encryption.context().isEmpty()) {
                response.add(EncryptionContext.HEADER, EncryptionContext.header(encryption.context()));
            }
            if (customers != null) {
                customers.write(response);
            }
        }
    }

    /** What is in force for a bucket's new objects; empty where nothing is. */
    public Optional<BucketEncryption> of(Bucket bucket) {
        BucketEncryption set = bucket.settings().encryption();
        if (set != null && set.method() != null || !keys.encryptsByDefault()) {
            return Optional.ofNullable(set);
        }
        return Optional.of(new BucketEncryption(
                Encryption.Method.STORE_KEY,
                "",
                set != null && set.bucketKey(),
                set == null ? BucketEncryption.Blocked.NOTHING_SAID : set.blocked()));
    }

    /** Of an object, or of an upload. */
    public Chosen ofWrite(S3Request request, Bucket bucket) throws S3Exception {
        return ofWrite(request, bucket, null);
    }

    /** Of a copy: one with the source's own key has the source's encryption, and may share its bytes. */
    public CopyEncryption ofCopy(S3Request request, Bucket bucket, ObjectVersion source) throws S3Exception {
        Chosen chosen = ofWrite(request, bucket, source.attributes().encryption());
        return new CopyEncryption(chosen, ofRead(request, source, CustomerKey.Place.SOURCE));
    }

    /** Of a part that is copied. */
    public CopyEncryption ofPartCopy(S3Request request, Upload upload, ObjectVersion source) throws S3Exception {
        return new CopyEncryption(ofPart(request, upload), ofRead(request, source, CustomerKey.Place.SOURCE));
    }

    private Chosen ofWrite(S3Request request, Bucket bucket, @Nullable Encryption source) throws S3Exception {
        return switch (EncryptionHeaders.parse(request.headers(), mayTravel(request))) {
            case Wish.Nothing() -> byDefault(bucket);
            case Wish.StoreKey() -> storeKey();
            case Wish.ManagedKey(String name, String context, Boolean bucketKey) ->
                managedKey(name, context, bucketKey == null ? isBucketKeyDefault(bucket) : bucketKey);
            case Wish.CustomersKey(CustomerKey key) -> {
                refuseBlocked(bucket);
                yield customersKey(source != null && isKeyOf(source, key) ? source : ofKey(key), key);
            }
        };
    }

    private Encryption ofKey(CustomerKey key) {
        return new Encryption(Encryption.Method.CUSTOMER_KEY, "", "", false, KeyCheck.of(key.bytes(), random));
    }

    private Chosen byDefault(Bucket bucket) throws S3Exception {
        BucketEncryption set = bucket.settings().encryption();
        if (set == null || set.method() == null) {
            return keys.encryptsByDefault() ? storeKey() : new Chosen(null, null, null);
        }
        return switch (set.method()) {
            case STORE_KEY -> storeKey();
            case MANAGED_KEY -> managedKey(set.key().isEmpty() ? null : set.key(), "", set.bucketKey());
            case CUSTOMER_KEY -> throw new IllegalStateException("no bucket has a customer's key");
        };
    }

    private static boolean isBucketKeyDefault(Bucket bucket) {
        BucketEncryption set = bucket.settings().encryption();
        return set != null && set.method() == Encryption.Method.MANAGED_KEY && set.bucketKey();
    }

    private Chosen storeKey() throws S3Exception {
        requireOffered();
        return new Chosen(Encryption.STORE_KEY, keys.wrapping(keys.builtIn(BuiltInKey.STORE), ""), null);
    }

    private Chosen managedKey(@Nullable String name, String context, boolean bucketKey) throws S3Exception {
        requireOffered();
        MasterKey key = name == null ? keys.builtIn(BuiltInKey.MANAGED) : keys.named(name);
        Encryption encryption = new Encryption(Encryption.Method.MANAGED_KEY, key.arn(), context, bucketKey, NO_CHECK);
        return new Chosen(encryption, keys.wrapping(key, context), null);
    }

    private Chosen customersKey(Encryption encryption, CustomerKey key) {
        return new Chosen(encryption, new WrappingKey(DataSeal.Wrapper.CUSTOMER, key.bytes(), ""), key);
    }

    /** NotImplemented where the store has no keys of its own, because it has no root key. */
    public void requireOffered() throws S3Exception {
        if (!keys.isOffered()) {
            throw new S3Exception(
                            S3Error.NOT_IMPLEMENTED,
                            "This server has no root key, without which it encrypts with no keys but the customer's.")
                    .with("Header", EncryptionHeaders.METHOD);
        }
    }

    private void refuseBlocked(Bucket bucket) throws S3Exception {
        BucketEncryption set = bucket.settings().encryption();
        boolean blocked = set != null && set.blocked() == BucketEncryption.Blocked.CUSTOMER_KEYS_BLOCKED;
        if (blocked || rule == CustomerKeyRule.NEVER) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Access Denied because server-side encryption with customer-provided keys (SSE-C) is blocked"
                            + (blocked ? " for this bucket." : " by this server."));
        }
    }

    private boolean mayTravel(S3Request request) {
        return request.secure() || rule != CustomerKeyRule.HTTPS;
    }

    private static boolean isKeyOf(Encryption encryption, CustomerKey key) {
        return encryption.method() == Encryption.Method.CUSTOMER_KEY
                && KeyCheck.holds(encryption.keyCheck(), key.bytes());
    }

    /** Of a part of an upload, which is encrypted as the upload says. */
    public Chosen ofPart(S3Request request, Upload upload) throws S3Exception {
        EncryptionHeaders.refuseMethod(request.headers());
        CustomerKey customers = CustomerKey.parse(request.headers(), CustomerKey.Place.TARGET, mayTravel(request));
        Encryption encryption = upload.attributes().encryption();
        boolean wantsKey = encryption != null && encryption.method() == Encryption.Method.CUSTOMER_KEY;
        if (customers == null && wantsKey) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The multipart upload initiate requested encryption. Subsequent part requests must include the"
                            + " appropriate encryption parameters.");
        }
        if (customers != null && !wantsKey) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The multipart upload initiate did not request encryption. Subsequent part requests must not include"
                            + " encryption parameters.");
        }
        if (customers != null && encryption != null) {
            if (!isKeyOf(encryption, customers)) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The provided encryption parameters did not match the ones used originally.");
            }
            return customersKey(encryption, customers);
        }
        if (encryption == null) {
            return new Chosen(null, null, null);
        }
        requireOffered();
        MasterKey key = encryption.method() == Encryption.Method.MANAGED_KEY
                ? keys.named(encryption.key())
                : keys.builtIn(BuiltInKey.STORE);
        return new Chosen(encryption, keys.wrapping(key, encryption.context()), null);
    }

    /** A completion needn't have the customer's key of its upload; one that has must have the right one. */
    public void checkCompletion(S3Request request, Upload upload) throws S3Exception {
        CustomerKey customers = CustomerKey.parse(request.headers(), CustomerKey.Place.TARGET, mayTravel(request));
        Encryption encryption = upload.attributes().encryption();
        if (customers != null && (encryption == null || !isKeyOf(encryption, customers))) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The provided encryption parameters did not match the ones used originally.");
        }
    }

    /**
     * The keys of a version that is read, or copied; null when it isn't encrypted. A customer's key is checked.
     *
     * @param place where the request has the customer's key
     */
    public @Nullable DataKeys ofRead(S3Request request, ObjectVersion version, CustomerKey.Place place)
            throws S3Exception {
        CustomerKey customers = CustomerKey.parse(request.headers(), place, mayTravel(request));
        Encryption encryption = version.attributes().encryption();
        boolean wantsKey = encryption != null && encryption.method() == Encryption.Method.CUSTOMER_KEY;
        if (customers != null && !wantsKey) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The encryption parameters are not applicable to this object.");
        }
        if (encryption == null) {
            return null;
        }
        if (!wantsKey) {
            return new DataKeys(name -> keys.wrapping(name, encryption.context()));
        }
        if (customers == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The object was stored using a form of Server Side Encryption. The correct parameters must be provided"
                            + " to retrieve the object.");
        }
        if (!isKeyOf(encryption, customers)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return new DataKeys(name -> {
            if (!name.isCustomer()) {
                throw new GeneralSecurityException("another key than the customer's has wrapped the data key");
            }
            return new WrappingKey(name, customers.bytes(), "");
        });
    }

    /** What the reader of a version is told; its key, if it has one of the customer's, has been checked. */
    public static void write(S3Request request, ObjectVersion version, Headers.Builder response) throws S3Exception {
        Encryption encryption = version.attributes().encryption();
        EncryptionHeaders.write(encryption, response);
        if (encryption != null && encryption.method() == Encryption.Method.CUSTOMER_KEY) {
            CustomerKey key = CustomerKey.parse(request.headers(), CustomerKey.Place.TARGET, true);
            if (key != null) {
                key.write(response);
            }
        }
    }
}
