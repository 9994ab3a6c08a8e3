package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.Encryption;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.kms.EncryptionContext;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers that say how an object is to be encrypted, and how it is. */
public final class EncryptionHeaders {
    public static final String METHOD = "x-amz-server-side-encryption";
    private static final String KEY_ID = METHOD + "-aws-kms-key-id";
    private static final String BUCKET_KEY = METHOD + "-bucket-key-enabled";
    private static final String STORE = "AES256";
    private static final String MANAGED = "aws:kms";
    private static final String DUAL_LAYER = "aws:kms:dsse";

    private EncryptionHeaders() {}

    /** What a write wants. */
    public sealed interface Wish {
        /** Whatever the bucket says. */
        record Nothing() implements Wish {}

        /** SSE-S3. */
        record StoreKey() implements Wish {}

        /**
         * SSE-KMS.
         *
         * @param key as it was named; null for the default one
         * @param context empty for none
         * @param bucketKey null for what the bucket says
         */
        record ManagedKey(
                @Nullable String key,
                String context,
                @Nullable Boolean bucketKey) implements Wish {}

        /** SSE-C. */
        record CustomersKey(CustomerKey key) implements Wish {}
    }

    private static final Wish NOTHING = new Wish.Nothing();

    /** Whether a request speaks of encryption at all. Most don't. */
    public static boolean any(Headers headers) {
        for (Header line : headers) {
            if (line.name().regionMatches(true, 0, METHOD, 0, METHOD.length())) {
                return true;
            }
        }
        return false;
    }

    /** @param mayTravel whether customers' keys may come in this request */
    public static Wish parse(Headers headers, boolean mayTravel) throws S3Exception {
        if (!any(headers)) {
            return NOTHING;
        }
        String method = headers.first(METHOD);
        String key = headers.first(KEY_ID);
        CustomerKey customers = CustomerKey.parse(headers, CustomerKey.Place.TARGET, mayTravel);
        if (customers != null) {
            if (method != null || key != null) {
                throw invalid(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                                + " specified",
                        METHOD,
                        String.valueOf(method));
            }
            return new Wish.CustomersKey(customers);
        }
        String context = headers.first(EncryptionContext.HEADER);
        Boolean bucketKey = bucketKey(headers);
        return switch (method) {
            case MANAGED ->
                new Wish.ManagedKey(
                        key == null || key.isEmpty() ? null : key,
                        context == null ? "" : EncryptionContext.parse(context),
                        bucketKey);
            case DUAL_LAYER ->
                throw new S3Exception(
                                S3Error.NOT_IMPLEMENTED,
                                "Dual-layer server-side encryption (aws:kms:dsse) is not offered by this server.")
                        .with("Header", METHOD);
            case STORE -> {
                refuseManagedOnly(key, context, method);
                yield new Wish.StoreKey();
            }
            case null -> {
                refuseManagedOnly(key, context, method);
                yield NOTHING;
            }
            default -> throw invalid("The encryption method specified is not supported", METHOD, method);
        };
    }

    private static void refuseManagedOnly(@Nullable String key, @Nullable String context, @Nullable String method)
            throws S3Exception {
        if (key != null || context != null) {
            throw invalid(
                    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption :"
                            + " aws:kms",
                    METHOD,
                    String.valueOf(method));
        }
    }

    private static @Nullable Boolean bucketKey(Headers headers) throws S3Exception {
        String value = headers.first(BUCKET_KEY);
        return switch (value == null ? null : value.toLowerCase(Locale.ROOT)) {
            case null -> null;
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("Invalid value for " + BUCKET_KEY, BUCKET_KEY, String.valueOf(value));
        };
    }

    /** Requests that can't choose must not pretend to: reads, and parts of an upload. */
    public static void refuseMethod(Headers headers) throws S3Exception {
        String method = headers.first(METHOD);
        if (method != null) {
            throw invalid("x-amz-server-side-encryption header is not supported for this operation.", METHOD, method);
        }
    }

    /** What an object's readers, and its writer, are told; of a customer's key, that says itself. */
    public static void write(@Nullable Encryption encryption, Headers.Builder response) {
        if (encryption == null) {
            return;
        }
        switch (encryption.method()) {
            case STORE_KEY -> response.add(METHOD, STORE);
            case MANAGED_KEY -> {
                response.add(METHOD, MANAGED);
                response.add(KEY_ID, encryption.key());
                if (encryption.bucketKey()) {
                    response.add(BUCKET_KEY, "true");
                }
            }
            case CUSTOMER_KEY -> {}
        }
    }

    private static S3Exception invalid(String message, String header, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", header)
                .with("ArgumentValue", value);
    }
}
