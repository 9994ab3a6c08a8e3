package io.coffer.gateway.auth;

import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its version 4 signature, in the header or in the query; well-formed and not yet believed.
 *
 * @param signedHeaders as sent
 * @param signature as sent
 * @param presigned whether it came in the query
 */
record V4Claim(CredentialScope scope, List<String> signedHeaders, String signature, boolean presigned) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** The query parameters that make a version 4 link; each exactly once. */
    private static final List<String> PARAMETERS = List.of(
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            CanonicalRequest.SIGNATURE_PARAMETER,
            "X-Amz-Date",
            "X-Amz-SignedHeaders",
            "X-Amz-Expires");

    static final String CREDENTIAL_FORM = "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";

    /** Whether the query means to authenticate by version 4. */
    static boolean isIn(QueryParameters query) {
        return query.contains("X-Amz-Algorithm")
                || query.contains("X-Amz-Credential")
                || query.contains(CanonicalRequest.SIGNATURE_PARAMETER);
    }

    /** Reads {@code AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…}, in any order, white space optional. */
    static V4Claim ofHeader(String authorization) throws S3Exception {
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        int length = authorization.length();
        int at = ALGORITHM.length();
        while (at < length) {
            int comma = authorization.indexOf(',', at);
            int end = comma < 0 ? length : comma;
            int from = skipBlanks(authorization, at, end);
            int to = trimBlanks(authorization, from, end);
            if (matches(authorization, from, to, "Credential=") && credential == null) {
                credential = authorization.substring(from + "Credential=".length(), to);
            } else if (matches(authorization, from, to, "SignedHeaders=") && signedHeaders == null) {
                signedHeaders = authorization.substring(from + "SignedHeaders=".length(), to);
            } else if (matches(authorization, from, to, "Signature=") && signature == null) {
                signature = authorization.substring(from + "Signature=".length(), to);
            } else {
                throw threeComponents();
            }
            at = end + 1;
        }
        if (credential == null || signedHeaders == null || signature == null || signature.isEmpty()) {
            throw threeComponents();
        }
        CredentialScope scope = CredentialScope.parse(credential);
        if (scope == null) {
            throw AuthErrors.malformedHeader("the Credential is mal-formed; " + CREDENTIAL_FORM);
        }
        List<String> names = names(signedHeaders);
        if (names == null) {
            throw AuthErrors.malformedHeader("the SignedHeaders are mal-formed.");
        }
        return new V4Claim(scope, names, signature, false);
    }

    private static S3Exception threeComponents() {
        return AuthErrors.malformedHeader(
                "the authorization header requires three components: Credential, SignedHeaders, and Signature.");
    }

    private static boolean matches(String text, int from, int to, String prefix) {
        return to - from >= prefix.length() && text.startsWith(prefix, from);
    }

    private static int skipBlanks(String text, int from, int end) {
        int at = from;
        while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static int trimBlanks(String text, int from, int end) {
        int at = end;
        while (at > from && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\t')) {
            at--;
        }
        return at;
    }

    static V4Claim ofQuery(QueryParameters query) throws S3Exception {
        for (String name : PARAMETERS) {
            if (query.all(name).size() != 1) {
                throw AuthErrors.malformedQuery(
                        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
            }
        }
        if (!ALGORITHM.equals(query.first("X-Amz-Algorithm"))) {
            throw AuthErrors.malformedQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        CredentialScope scope = CredentialScope.parse(value(query, "X-Amz-Credential"));
        if (scope == null) {
            throw AuthErrors.malformedQuery(
                    "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; " + CREDENTIAL_FORM);
        }
        List<String> names = names(value(query, "X-Amz-SignedHeaders"));
        if (names == null) {
            throw AuthErrors.malformedQuery("X-Amz-SignedHeaders is mal-formed.");
        }
        return new V4Claim(scope, names, value(query, CanonicalRequest.SIGNATURE_PARAMETER), true);
    }

    private static String value(QueryParameters query, String name) {
        String value = query.first(name);
        return value == null ? "" : value;
    }

    /**
     * The header names of a {@code ;} list; null if one of them can't be a header's. Lower case, because only that is
     * canonical; unsorted and repeated names stay, and then no signature matches.
     */
    private static @Nullable List<String> names(String list) {
        List<String> names = new ArrayList<>(8);
        int at = 0;
        while (at <= list.length()) {
            int semicolon = list.indexOf(';', at);
            int end = semicolon < 0 ? list.length() : semicolon;
            if (end == at) {
                return null;
            }
            for (int i = at; i < end; i++) {
                if (!isLowerCaseToken(list.charAt(i))) {
                    return null;
                }
            }
            names.add(list.substring(at, end));
            at = end + 1;
        }
        return names;
    }

    private static boolean isLowerCaseToken(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Whether the names are in strictly ascending order, as a canonical request has them. */
    boolean headersAreCanonical() {
        for (int i = 1; i < signedHeaders.size(); i++) {
            if (signedHeaders.get(i - 1).compareTo(signedHeaders.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    S3Exception scopeError(String why) {
        return presigned
                ? AuthErrors.malformedQuery("Error parsing the X-Amz-Credential parameter; " + why)
                : AuthErrors.malformedHeader(why);
    }
}
