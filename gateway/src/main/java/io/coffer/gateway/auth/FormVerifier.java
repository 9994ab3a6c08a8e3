package io.coffer.gateway.auth;

import io.coffer.gateway.form.FormErrors;
import io.coffer.gateway.form.FormFields;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;

/**
 * Verifies the signatures of HTML forms, versions 4 and 2: each signs the policy, as it is written in its field. What the policy says is
 * judged by others. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html">S3: forms</a>
 */
final class FormVerifier {
    private static final HexFormat HEX = HexFormat.of();

    private static final String CREDENTIAL = "X-Amz-Credential";
    private static final String DATE = "X-Amz-Date";

    /** Lower-case names of the fields that make a signature, with the names that errors give them. */
    private static final List<Field> V4 = List.of(
            new Field("x-amz-signature", "X-Amz-Signature"),
            new Field("x-amz-algorithm", "X-Amz-Algorithm"),
            new Field("x-amz-credential", CREDENTIAL),
            new Field("x-amz-date", DATE));

    private static final List<Field> V2 =
            List.of(new Field("signature", "Signature"), new Field("awsaccesskeyid", "AWSAccessKeyId"));

    private final AuthSettings settings;
    private final KnownKeys keys;
    private final SigningKeys signingKeys;

    FormVerifier(AuthSettings settings, KnownKeys keys, SigningKeys signingKeys) {
        this.settings = settings;
        this.keys = keys;
        this.signingKeys = signingKeys;
    }

    private record Field(String name, String spelling) {
        boolean isIn(FormFields form) {
            return form.contains(name);
        }
    }

    /** Anonymous when the form has nothing of a signature. */
    Identity verify(FormFields form, long nowMillis) throws S3Exception {
        boolean v4 = V4.stream().anyMatch(field -> field.isIn(form));
        boolean v2 = V2.stream().anyMatch(field -> field.isIn(form));
        if (v4 && v2) {
            throw AuthErrors.severalMechanisms("");
        }
        if (v4) {
            return verifyV4(form, nowMillis);
        }
        return v2 ? verifyV2(form) : Identity.ANONYMOUS;
    }

    private Identity verifyV4(FormFields form, long nowMillis) throws S3Exception {
        requireAll(form, V4);
        String algorithm = value(form, "x-amz-algorithm");
        if (!algorithm.equals(V4Claim.ALGORITHM)) {
            throw AuthErrors.invalidArgument(
                    "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"", "X-Amz-Algorithm", algorithm);
        }
        CredentialScope scope = scope(value(form, "x-amz-credential"));
        requireTime(value(form, "x-amz-date"), scope, nowMillis);
        refuseToken(form);
        Credential credential = keys.require(scope.accessKey());

        String policy = value(form, FormFields.POLICY);
        HmacKey remembered = signingKeys.find(scope, credential.secret());
        HmacKey key = remembered == null ? SigningKeys.derive(scope, credential.secret()) : remembered;
        String claimed = value(form, "x-amz-signature");
        if (!V4Verifier.equalInConstantTime(HEX.formatHex(key.sign(policy)), claimed)) {
            throw AuthErrors.mismatch(scope.accessKey(), policy, claimed);
        }
        if (remembered == null) {
            signingKeys.remember(scope, credential.secret(), key);
        }
        return identity(credential);
    }

    private CredentialScope scope(String text) throws S3Exception {
        CredentialScope scope = CredentialScope.parse(text);
        if (scope == null) {
            throw wrongCredential("the Credential is mal-formed; " + V4Claim.CREDENTIAL_FORM, text);
        }
        ScopeRules.Fault fault = ScopeRules.fault(scope, settings);
        if (fault != null) {
            S3Exception refusal = wrongCredential(fault.why(), text);
            throw fault.region() == null ? refusal : refusal.with("Region", fault.region());
        }
        return scope;
    }

    private static S3Exception wrongCredential(String why, String credential) {
        return AuthErrors.invalidArgument(why, CREDENTIAL, credential);
    }

    /** A signing key holds for seven days, whatever the policy says. */
    private void requireTime(String text, CredentialScope scope, long nowMillis) throws S3Exception {
        OptionalLong time = SignatureTime.parseIsoBasic(text);
        if (time.isEmpty()) {
            throw AuthErrors.invalidArgument("X-Amz-Date must be formated via ISO8601 Long format", DATE, text);
        }
        if (!text.startsWith(scope.date())) {
            throw wrongCredential(
                    "Invalid credential date \"" + scope.date() + "\". This date is not the same as X-Amz-Date: \""
                            + text.substring(0, 8) + "\".",
                    scope.date());
        }
        if (time.getAsLong() - nowMillis > settings.maxSkew().toMillis()) {
            throw AuthErrors.denied("Request is not yet valid")
                    .with(DATE, text)
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
        long end = time.getAsLong() + settings.maxPresignedExpiry().toMillis();
        if (nowMillis > end) {
            throw AuthErrors.denied("Request has expired")
                    .with("Expires", SignatureTime.iso(end))
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
    }

    private Identity verifyV2(FormFields form) throws S3Exception {
        if (!settings.sigV2()) {
            throw AuthErrors.mechanismNotSupported();
        }
        requireAll(form, V2);
        refuseToken(form);
        String accessKey = value(form, "awsaccesskeyid");
        Credential credential = keys.require(accessKey);
        String policy = value(form, FormFields.POLICY);
        String claimed = value(form, "signature");
        if (!V4Verifier.equalInConstantTime(V2Signature.sign(credential.secret(), policy), claimed)) {
            if (credential.secret().is(claimed)) {
                throw AuthErrors.secretInTheClear();
            }
            throw AuthErrors.mismatch(accessKey, policy, claimed);
        }
        return identity(credential);
    }

    private static Identity identity(Credential credential) throws S3Exception {
        KnownKeys.requireEnabledAccount(credential);
        return new Identity.Signed(credential.account(), credential.accessKey());
    }

    private static void requireAll(FormFields form, List<Field> fields) throws S3Exception {
        for (Field field : fields) {
            if (!field.isIn(form)) {
                throw FormErrors.missing(field.spelling());
            }
        }
        if (!form.contains(FormFields.POLICY)) {
            throw FormErrors.missing(FormFields.POLICY);
        }
    }

    private static void refuseToken(FormFields form) throws S3Exception {
        String token = form.value("x-amz-security-token");
        if (token != null) {
            throw AuthErrors.invalidToken(token);
        }
    }

    private static String value(FormFields form, String name) {
        String value = form.value(name);
        return value == null ? "" : value;
    }
}
