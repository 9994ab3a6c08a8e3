package io.coffer.gateway.auth;

import org.jspecify.annotations.Nullable;

/**
 * The Credential of a version 4 signature, {@code key/date/region/service/aws4_request}.
 *
 * @param date eight digits when it is well-formed
 */
record CredentialScope(String accessKey, String date, String region, String service, String terminator) {
    static final String TERMINATOR = "aws4_request";

    static CredentialScope of(String accessKey, String date, String region, String service) {
        return new CredentialScope(accessKey, date, region, service, TERMINATOR);
    }

    /** Parsed from the right, because an access key may hold slashes; null unless there are five parts. */
    static @Nullable CredentialScope parse(String credential) {
        int beforeTerminator = credential.lastIndexOf('/');
        int beforeService = credential.lastIndexOf('/', beforeTerminator - 1);
        int beforeRegion = credential.lastIndexOf('/', beforeService - 1);
        int beforeDate = credential.lastIndexOf('/', beforeRegion - 1);
        if (beforeTerminator < 1 || beforeService < 1 || beforeRegion < 1 || beforeDate < 1) {
            return null;
        }
        return new CredentialScope(
                credential.substring(0, beforeDate),
                credential.substring(beforeDate + 1, beforeRegion),
                credential.substring(beforeRegion + 1, beforeService),
                credential.substring(beforeService + 1, beforeTerminator),
                credential.substring(beforeTerminator + 1));
    }

    /** What the string to sign names: the scope without the access key. */
    String text() {
        return date + '/' + region + '/' + service + '/' + TERMINATOR;
    }
}
