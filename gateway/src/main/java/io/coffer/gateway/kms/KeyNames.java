package io.coffer.gateway.kms;

import io.coffer.common.metadata.MasterKey;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the key that a request names, in each of Amazon's ways: its id, its alias, and the ARN of either.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id">KMS: key identifiers</a>
 */
final class KeyNames {
    static final String ALIAS = "alias/";

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String ALIAS_NAME = ALIAS + "[a-zA-Z0-9/_-]{1,250}";
    private static final Pattern PLAIN = Pattern.compile(ID + "|" + ALIAS_NAME);
    private static final Pattern ARN = Pattern.compile(
            "(?<prefix>arn:aws:kms:[a-z0-9-]{1,63}:[0-9]{12}:)(key/(?<id>" + ID + ")|(?<alias>" + ALIAS_NAME + "))");

    private KeyNames() {}

    static boolean isAlias(String text) {
        return text.matches(ALIAS_NAME);
    }

    /** KMS.NotFoundException. */
    static MasterKey find(List<MasterKey> keys, String named) throws S3Exception {
        Matcher arn = ARN.matcher(named);
        String prefix = "";
        String plain = named;
        if (arn.matches()) {
            prefix = arn.group("prefix");
            plain = arn.group("id") == null ? arn.group("alias") : arn.group("id");
        } else if (!PLAIN.matcher(named).matches()) {
            throw new S3Exception(S3Error.KMS_NOT_FOUND, "Invalid keyId '" + named + "'");
        }
        for (MasterKey key : keys) {
            boolean isNamed = key.id().toString().equals(plain) || key.alias().equals(plain);
            if (isNamed && key.arnPrefix().startsWith(prefix) && !BuiltInKey.STORE.is(key)) {
                return key;
            }
        }
        throw new S3Exception(
                S3Error.KMS_NOT_FOUND,
                plain.startsWith(ALIAS) ? "Alias " + named + " is not found." : "Key '" + named + "' does not exist");
    }
}
