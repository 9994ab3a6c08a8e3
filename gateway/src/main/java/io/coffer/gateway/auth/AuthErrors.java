package io.coffer.gateway.auth;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The refusals of authentication, with Amazon's messages and elements. None of them carries a secret. */
final class AuthErrors {
    /** The most of a client's own words that an answer repeats, in characters. */
    private static final int MAX_ECHO = 1024;

    private static final HexFormat SPACED_HEX = HexFormat.ofDelimiter(" ");

    private AuthErrors() {}

    static S3Exception severalMechanisms(String authorization) {
        return invalidArgument(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
                "Authorization",
                authorization);
    }

    static S3Exception unsupportedType(String authorization) {
        return invalidArgument("Unsupported Authorization Type", "Authorization", authorization);
    }

    /** The answer to a key pair in the clear; it must not repeat it. */
    static S3Exception secretInTheClear() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The Authorization header carries a key pair. A secret access key must never be sent: sign the request with it"
                        + " (AWS4-HMAC-SHA256), and replace this key, because it has been sent in the clear.");
    }

    static S3Exception mechanismNotSupported() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }

    static S3Exception malformedHeader(String why) {
        return new S3Exception(S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; " + why);
    }

    static S3Exception malformedQuery(String message) {
        return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
    }

    static S3Exception invalidArgument(String message, String name, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", echo(value));
    }

    static S3Exception denied(String message) {
        return new S3Exception(S3Error.ACCESS_DENIED, message);
    }

    static S3Exception dateRequired() {
        return denied("AWS authentication requires a valid Date or x-amz-date header");
    }

    static S3Exception skewed(String requestTime, long nowMillis, long maxSkewMillis) {
        return new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED)
                .with("RequestTime", echo(requestTime))
                .with("ServerTime", SignatureTime.iso(nowMillis))
                .with("MaxAllowedSkewMilliseconds", Long.toString(maxSkewMillis));
    }

    static S3Exception notSigned(String names) {
        return denied("There were headers present in the request which were not signed")
                .with("HeadersNotSigned", echo(names));
    }

    static S3Exception unknownKey(String accessKey) {
        return new S3Exception(S3Error.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", echo(accessKey));
    }

    static S3Exception invalidToken(String token) {
        return new S3Exception(S3Error.INVALID_TOKEN).with("Token-0", echo(token));
    }

    static S3Exception mismatch(String accessKey, String stringToSign, String provided) {
        return new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
                .with("AWSAccessKeyId", echo(accessKey))
                .with("StringToSign", stringToSign)
                .with("SignatureProvided", echo(provided))
                .with("StringToSignBytes", bytes(stringToSign));
    }

    static S3Exception mismatch(String accessKey, String stringToSign, String provided, String canonicalRequest) {
        return mismatch(accessKey, stringToSign, provided)
                .with("CanonicalRequest", canonicalRequest)
                .with("CanonicalRequestBytes", bytes(canonicalRequest));
    }

    private static String bytes(String text) {
        return SPACED_HEX.formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String echo(String value) {
        return value.length() <= MAX_ECHO ? value : value.substring(0, MAX_ECHO);
    }
}
