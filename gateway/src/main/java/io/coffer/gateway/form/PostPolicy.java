package io.coffer.gateway.form;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the signer of a form allows whoever sends it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html">S3: POST policy</a>
 */
record PostPolicy(long expiresMillis, List<PolicyCondition> conditions) {
    private static final String BUCKET = "bucket";

    /** Fields that need no condition. */
    private static final Set<String> FREE =
            Set.of(FormFields.POLICY, FormFields.FILE, "x-amz-signature", "signature", "awsaccesskeyid");

    private static final String IGNORED_PREFIX = "x-ignore-";

    /** Checksums need none either: they only narrow what can be stored, and a signer doesn't know the file. */
    private static final String CHECKSUM_PREFIX = "x-amz-checksum-";

    PostPolicy {
        conditions = List.copyOf(conditions);
    }

    /**
     * The sizes that the file may have.
     *
     * @param bucket the one that the request names, whatever a field says
     * @throws S3Exception AccessDenied, saying what isn't allowed
     */
    SizeRange check(FormFields form, String bucket, long nowMillis) throws S3Exception {
        if (nowMillis > expiresMillis) {
            throw FormErrors.refusedByPolicy("Policy expired.");
        }
        Map<String, String> fields = new HashMap<>();
        form.all().forEach(field -> fields.put(field.getKey(), field.getValue()));
        fields.put(BUCKET, bucket);
        SizeRange sizes = SizeRange.ANY;
        Set<String> named = new HashSet<>();
        for (PolicyCondition condition : conditions) {
            if (!condition.holds(fields)) {
                throw FormErrors.refusedByPolicy("Policy Condition failed: " + condition.text());
            }
            if (condition instanceof PolicyCondition.Length(SizeRange range)) {
                sizes = sizes.and(range);
            }
            if (condition.field() != null) {
                named.add(condition.field());
            }
        }
        requireNamed(form, named);
        return sizes;
    }

    private static void requireNamed(FormFields form, Set<String> named) throws S3Exception {
        for (Map.Entry<String, String> field : form.all()) {
            String name = field.getKey();
            boolean free = FREE.contains(name) || name.startsWith(IGNORED_PREFIX) || name.startsWith(CHECKSUM_PREFIX);
            if (!free && !named.contains(name)) {
                throw FormErrors.refusedByPolicy("Extra input fields: " + name);
            }
        }
        if (!named.contains(BUCKET)) {
            throw FormErrors.refusedByPolicy("Extra input fields: " + BUCKET);
        }
    }
}
