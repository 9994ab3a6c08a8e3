package io.coffer.gateway.auth;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Verifies version 4 signatures, in the header and in the query. Thread-safe. */
final class V4Verifier {
    private static final HexFormat HEX = HexFormat.of();

    private final AuthSettings settings;
    private final KnownKeys keys;
    private final SigningKeys signingKeys;

    V4Verifier(AuthSettings settings, KnownKeys keys, SigningKeys signingKeys) {
        this.settings = settings;
        this.keys = keys;
        this.signingKeys = signingKeys;
    }

    Authentication verifyHeader(String authorization, SigningRequest request, long nowMillis) throws S3Exception {
        V4Claim claim = V4Claim.ofHeader(authorization);
        requireScope(claim);
        String payload = request.headers().first(PayloadDeclaration.HEADER);
        if (payload == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Missing required header for this request: x-amz-content-sha256");
        }
        PayloadDeclaration.require(payload);

        String sent = request.headers().first("x-amz-date");
        OptionalLong time = sent == null ? OptionalLong.empty() : SignatureTime.parse(sent);
        if (sent == null) {
            sent = request.headers().first("date");
            time = sent == null ? OptionalLong.empty() : SignatureTime.parse(sent);
        }
        if (sent == null || time.isEmpty()) {
            throw AuthErrors.dateRequired();
        }
        String signedTime = SignatureTime.isoBasic(time.getAsLong());
        requireSameDay(claim, signedTime);
        if (Math.abs(nowMillis - time.getAsLong()) > settings.maxSkew().toMillis()) {
            throw AuthErrors.skewed(sent, nowMillis, settings.maxSkew().toMillis());
        }
        return verify(claim, request, signedTime, payload);
    }

    Authentication verifyQuery(SigningRequest request, long nowMillis) throws S3Exception {
        V4Claim claim = V4Claim.ofQuery(request.query());
        requireScope(claim);
        String sentTime = text(request.query().first("X-Amz-Date"));
        OptionalLong time = SignatureTime.parseIsoBasic(sentTime);
        if (time.isEmpty()) {
            throw AuthErrors.malformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        requireSameDay(claim, sentTime);
        long expirySeconds = expirySeconds(text(request.query().first("X-Amz-Expires")));
        long expiresMillis = time.getAsLong() + expirySeconds * 1000;
        if (time.getAsLong() - nowMillis > settings.maxSkew().toMillis()) {
            throw AuthErrors.denied("Request is not yet valid")
                    .with("X-Amz-Date", sentTime)
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
        if (nowMillis > expiresMillis) {
            throw AuthErrors.denied("Request has expired")
                    .with("X-Amz-Expires", Long.toString(expirySeconds))
                    .with("Expires", SignatureTime.iso(expiresMillis))
                    .with("ServerTime", SignatureTime.iso(nowMillis));
        }
        String payload = request.headers().first(PayloadDeclaration.HEADER);
        if (payload == null) {
            payload = request.query().first("X-Amz-Content-Sha256");
        }
        if (payload == null) {
            payload = PayloadDeclaration.UNSIGNED;
        }
        PayloadDeclaration.require(payload);
        return verify(claim, request, sentTime, payload);
    }

    private long expirySeconds(String text) throws S3Exception {
        long max = settings.maxPresignedExpiry().toSeconds();
        if (text.startsWith("-") && isNumber(text.substring(1))) {
            throw AuthErrors.malformedQuery("X-Amz-Expires must be non-negative");
        }
        if (!isNumber(text)) {
            throw AuthErrors.malformedQuery("X-Amz-Expires should be a number");
        }
        // Nine digits are far beyond the limit already.
        long seconds = text.length() > 9 ? Long.MAX_VALUE : Long.parseLong(text);
        if (seconds > max) {
            throw AuthErrors.malformedQuery(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
                            + max + " seconds");
        }
        if (seconds == 0) {
            throw AuthErrors.malformedQuery("X-Amz-Expires must be at least 1 second");
        }
        return seconds;
    }

    private static boolean isNumber(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private void requireScope(V4Claim claim) throws S3Exception {
        ScopeRules.Fault fault = ScopeRules.fault(claim.scope(), settings);
        if (fault != null) {
            S3Exception refusal = claim.scopeError(fault.why());
            throw fault.region() == null ? refusal : refusal.with("Region", fault.region());
        }
    }

    private static void requireSameDay(V4Claim claim, String time) throws S3Exception {
        if (!time.startsWith(claim.scope().date())) {
            throw claim.scopeError("Invalid credential date \"" + claim.scope().date()
                    + "\". This date is not the same as X-Amz-Date: \"" + time.substring(0, 8) + "\".");
        }
    }

    private Authentication verify(V4Claim claim, SigningRequest request, String time, String payload)
            throws S3Exception {
        requireSigned(claim, request.headers());
        KnownKeys.refuseToken(request);
        CredentialScope scope = claim.scope();
        Credential credential = keys.require(scope.accessKey());

        String canonical = CanonicalRequest.of(request, claim.signedHeaders(), payload);
        String stringToSign =
                V4Claim.ALGORITHM + '\n' + time + '\n' + scope.text() + '\n' + HEX.formatHex(Sha256.of(canonical));
        HmacKey remembered = signingKeys.find(scope, credential.secret());
        HmacKey key = remembered == null ? SigningKeys.derive(scope, credential.secret()) : remembered;
        String signature = HEX.formatHex(key.sign(stringToSign));
        if (!equalInConstantTime(signature, claim.signature()) || !claim.headersAreCanonical()) {
            throw AuthErrors.mismatch(scope.accessKey(), stringToSign, claim.signature(), canonical);
        }
        if (remembered == null) {
            signingKeys.remember(scope, credential.secret(), key);
        }
        KnownKeys.requireEnabledAccount(credential);
        PayloadCheck check = PayloadDeclaration.check(payload, () -> new V4ChunkSigner(key, time, scope, signature));
        return new Authentication(new Identity.Signed(credential.account(), credential.accessKey()), check);
    }

    static boolean equalInConstantTime(String expected, String provided) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.ISO_8859_1), provided.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The host, Content-MD5 and every header that S3 obeys must be signed, or whoever carries the request could change what it
     * does. {@code x-amz-content-sha256} is part of the canonical request in any case.
     */
    private static void requireSigned(V4Claim claim, Headers headers) throws S3Exception {
        List<String> signed = claim.signedHeaders();
        StringBuilder missing = null;
        if (!signed.contains("host")) {
            missing = append(missing, "host");
        }
        for (Header line : headers) {
            String name = line.name();
            boolean obeyed = name.regionMatches(true, 0, "x-amz-", 0, "x-amz-".length())
                            && !name.equalsIgnoreCase(PayloadDeclaration.HEADER)
                    || name.equalsIgnoreCase("content-md5");
            if (obeyed && !containsIgnoreCase(signed, name)) {
                missing = append(missing, name.toLowerCase(java.util.Locale.ROOT));
            }
        }
        if (missing != null) {
            throw AuthErrors.notSigned(missing.toString());
        }
    }

    private static StringBuilder append(@Nullable StringBuilder names, String name) {
        return names == null ? new StringBuilder(name) : names.append(", ").append(name);
    }

    private static boolean containsIgnoreCase(List<String> names, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
