package io.coffer.gateway.auth;

import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Verifies version 2 signatures, in the header and in the query. Thread-safe. */
final class V2Verifier {
    static final String SCHEME = "AWS ";

    private static final String EXPECTED_FORM =
            "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature";

    /** More digits than any second since 1970 has that a long of milliseconds can hold. */
    private static final int MAX_EXPIRES_DIGITS = 12;

    private final AuthSettings settings;
    private final KnownKeys keys;

    V2Verifier(AuthSettings settings, KnownKeys keys) {
        this.settings = settings;
        this.keys = keys;
    }

    /** Whether the query means to authenticate by version 2. */
    static boolean isIn(QueryParameters query) {
        return query.contains("Signature") || query.contains("AWSAccessKeyId");
    }

    Authentication verifyHeader(String authorization, SigningRequest request, long nowMillis) throws S3Exception {
        if (!settings.sigV2()) {
            throw AuthErrors.mechanismNotSupported();
        }
        String pair = authorization
                .substring(Math.min(SCHEME.length(), authorization.length()))
                .strip();
        int colon = pair.lastIndexOf(':');
        if (colon < 1 || colon == pair.length() - 1 || pair.indexOf(' ') >= 0) {
            throw AuthErrors.invalidArgument(EXPECTED_FORM, "Authorization", "AWS");
        }
        String accessKey = pair.substring(0, colon);
        String signature = pair.substring(colon + 1);

        String amazonDate = request.headers().first("x-amz-date");
        String date = request.headers().first("date");
        String sent = amazonDate == null ? date : amazonDate;
        OptionalLong time = sent == null ? OptionalLong.empty() : SignatureTime.parse(sent);
        if (sent == null || time.isEmpty()) {
            throw AuthErrors.dateRequired();
        }
        if (Math.abs(nowMillis - time.getAsLong()) > settings.maxSkew().toMillis()) {
            throw AuthErrors.skewed(sent, nowMillis, settings.maxSkew().toMillis());
        }
        return verify(accessKey, signature, request, amazonDate == null ? sent : "");
    }

    Authentication verifyQuery(SigningRequest request, long nowMillis) throws S3Exception {
        if (!settings.sigV2()) {
            throw AuthErrors.mechanismNotSupported();
        }
        String accessKey = only(request.query(), "AWSAccessKeyId");
        String signature = only(request.query(), "Signature");
        String expires = only(request.query(), "Expires");
        if (accessKey == null || signature == null || expires == null) {
            throw AuthErrors.denied(
                    "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        }
        OptionalLong expiresMillis = seconds(expires);
        if (expiresMillis.isEmpty()) {
            throw AuthErrors.denied("Invalid date (should be seconds since epoch): "
                    + expires.substring(0, Math.min(expires.length(), 64)));
        }
        if (nowMillis > expiresMillis.getAsLong()) {
            throw AuthErrors.denied("Request has expired")
                    .with("Expires", SignatureTime.iso(expiresMillis.getAsLong()))
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
        if (expiresMillis.getAsLong() - nowMillis > settings.maxV2Expiry().toMillis()) {
            throw AuthErrors.denied("The link's expiry is too far away")
                    .with("Expires", SignatureTime.iso(expiresMillis.getAsLong()))
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
        return verify(accessKey, signature, request, expires);
    }

    private Authentication verify(String accessKey, String signature, SigningRequest request, String date)
            throws S3Exception {
        KnownKeys.refuseToken(request);
        Credential credential = keys.require(accessKey);
        String stringToSign = V2Signature.stringToSign(request, date);
        if (!isSignatureOf(stringToSign, credential, signature)
                && !isSignatureOf(V2Signature.stringToSignWithSlash(request, date), credential, signature)) {
            if (credential.secret().is(signature)) {
                throw AuthErrors.secretInTheClear();
            }
            throw AuthErrors.mismatch(accessKey, stringToSign, signature);
        }
        KnownKeys.requireEnabledAccount(credential);
        PayloadCheck payload = PayloadDeclaration.withoutKey(request.headers());
        return new Authentication(new Identity.Signed(credential.account(), credential.accessKey()), payload);
    }

    private static boolean isSignatureOf(@Nullable String stringToSign, Credential credential, String signature) {
        return stringToSign != null
                && V4Verifier.equalInConstantTime(V2Signature.sign(credential.secret(), stringToSign), signature);
    }

    /** The parameter's value; null when it isn't there exactly once. */
    private static @Nullable String only(QueryParameters query, String name) {
        return query.all(name).size() == 1 ? query.first(name) : null;
    }

    private static OptionalLong seconds(String text) {
        if (text.isEmpty() || text.length() > MAX_EXPIRES_DIGITS) {
            return OptionalLong.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.of(Long.parseLong(text) * 1000);
    }
}
