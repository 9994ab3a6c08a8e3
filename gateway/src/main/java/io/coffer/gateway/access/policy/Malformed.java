package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** MalformedPolicy, saying what is wrong in Amazon's words where they are known. */
final class Malformed {
    /** The most of a client's own words that an answer repeats, in characters. */
    private static final int MAX_ECHO = 128;

    private Malformed() {}

    static S3Exception policy(String message) {
        return new S3Exception(S3Error.MALFORMED_POLICY, message);
    }

    static S3Exception principal() {
        return policy("Invalid principal in policy");
    }

    static S3Exception resource() {
        return policy("Policy has invalid resource");
    }

    static S3Exception syntax() {
        return policy("Invalid policy syntax.");
    }

    static String echo(String text) {
        return text.length() <= MAX_ECHO ? text : text.substring(0, MAX_ECHO);
    }
}
