package io.coffer.gateway.auth;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** Finds the credential that a signature claims, and refuses those that may not be used. */
final class KnownKeys {
    /** The longest access key there can be, in characters; longer ones are refused without a look-up. */
    static final int MAX_ACCESS_KEY_LENGTH = 128;

    private final CredentialSource source;

    KnownKeys(CredentialSource source) {
        this.source = source;
    }

    /** A disabled key is answered as if there were none, as Amazon does. */
    Credential require(String accessKey) throws S3Exception {
        if (accessKey.isEmpty() || accessKey.length() > MAX_ACCESS_KEY_LENGTH) {
            throw AuthErrors.unknownKey(accessKey);
        }
        Credential credential = source.find(accessKey).orElse(null);
        if (credential == null || !credential.enabled()) {
            throw AuthErrors.unknownKey(accessKey);
        }
        return credential;
    }

    /** Asked after the signature was verified, so that only the key's holder learns of it. */
    static void requireEnabledAccount(Credential credential) throws S3Exception {
        if (!credential.account().enabled()) {
            throw new S3Exception(S3Error.ACCOUNT_PROBLEM);
        }
    }

    /** All keys are permanent ones, and those take no session token. */
    static void refuseToken(SigningRequest request) throws S3Exception {
        String token = request.headers().first("x-amz-security-token");
        if (token == null) {
            token = request.query().first("X-Amz-Security-Token");
        }
        if (token == null) {
            token = request.query().first("x-amz-security-token");
        }
        if (token != null) {
            throw AuthErrors.invalidToken(token);
        }
    }
}
