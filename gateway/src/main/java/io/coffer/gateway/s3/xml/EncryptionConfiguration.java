package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.BucketEncryption.Blocked;
import io.coffer.common.metadata.Encryption.Method;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket's objects are encrypted where their writers say nothing, and which writers are refused.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html">S3: PutBucketEncryption</a>
 */
public record EncryptionConfiguration(BucketEncryption encryption) {
    private static final String ROOT = "ServerSideEncryptionConfiguration";
    private static final String RULE = "Rule";
    private static final String DEFAULT = "ApplyServerSideEncryptionByDefault";
    private static final String ALGORITHM = "SSEAlgorithm";
    private static final String KEY = "KMSMasterKeyID";
    private static final String BUCKET_KEY = "BucketKeyEnabled";
    private static final String BLOCKED = "BlockedEncryptionTypes";
    private static final String TYPE = "EncryptionType";
    private static final String STORE_KEY = "AES256";
    private static final String MANAGED_KEY = "aws:kms";
    private static final String NOTHING_BLOCKED = "NONE";
    private static final String CUSTOMER_KEYS = "SSE-C";

    /** The longest ARN of a key or alias, in characters, as it is at Amazon. */
    private static final int MAX_KEY = 2048;

    public static EncryptionConfiguration parse(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, ROOT).only(Set.of(RULE));
        List<XmlElement> rules = root.children(RULE);
        if (rules.size() != 1) {
            throw XmlElement.malformed();
        }
        XmlElement rule = rules.getFirst().only(Set.of(DEFAULT, BUCKET_KEY, BLOCKED));
        XmlElement byDefault = rule.child(DEFAULT);
        Blocked blocked = blocked(rule.child(BLOCKED));
        if (byDefault == null && blocked == Blocked.NOTHING_SAID) {
            throw XmlElement.malformed();
        }
        Method method = byDefault == null ? null : method(byDefault.only(Set.of(ALGORITHM, KEY)));
        String key = byDefault == null ? null : byDefault.textOf(KEY);
        if (key != null && method != Method.MANAGED_KEY) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or"
                                    + " aws:kms:dsse")
                    .with("ArgumentName", DEFAULT);
        }
        if (key != null && (key.isEmpty() || key.length() > MAX_KEY)) {
            throw XmlElement.malformed();
        }
        return new EncryptionConfiguration(
                new BucketEncryption(method, key == null ? "" : key, rule.booleanOf(BUCKET_KEY, false), blocked));
    }

    private static Method method(XmlElement byDefault) throws S3Exception {
        return switch (byDefault.requiredTextOf(ALGORITHM)) {
            case STORE_KEY -> Method.STORE_KEY;
            case MANAGED_KEY -> Method.MANAGED_KEY;
            case "aws:kms:dsse" ->
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "Dual-layer server-side encryption (aws:kms:dsse) is not offered by this server.");
            default -> throw XmlElement.malformed();
        };
    }

    private static Blocked blocked(@Nullable XmlElement types) throws S3Exception {
        if (types == null) {
            return Blocked.NOTHING_SAID;
        }
        List<XmlElement> named = types.only(Set.of(TYPE)).children(TYPE);
        if (named.size() != 1) {
            throw XmlElement.malformed();
        }
        return switch (named.getFirst().text()) {
            case NOTHING_BLOCKED -> Blocked.NOTHING_BLOCKED;
            case CUSTOMER_KEYS -> Blocked.CUSTOMER_KEYS_BLOCKED;
            default -> throw XmlElement.malformed();
        };
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter().root(ROOT).open(RULE);
        Method method = encryption.method();
        if (method != null) {
            xml.open(DEFAULT).element(ALGORITHM, method == Method.MANAGED_KEY ? MANAGED_KEY : STORE_KEY);
            if (!encryption.key().isEmpty()) {
                xml.element(KEY, encryption.key());
            }
            xml.close(DEFAULT);
        }
        xml.element(BUCKET_KEY, encryption.bucketKey());
        if (encryption.blocked() != Blocked.NOTHING_SAID) {
            boolean customers = encryption.blocked() == Blocked.CUSTOMER_KEYS_BLOCKED;
            xml.open(BLOCKED)
                    .element(TYPE, customers ? CUSTOMER_KEYS : NOTHING_BLOCKED)
                    .close(BLOCKED);
        }
        return xml.close(RULE).close(ROOT).document();
    }
}
