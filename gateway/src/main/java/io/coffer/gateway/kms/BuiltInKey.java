package io.coffer.gateway.kms;

import io.coffer.common.metadata.MasterKey;

/** Keys that nobody makes: the store does when it needs them first. They can be rotated, not disabled. */
public enum BuiltInKey {
    /** Of SSE-S3; no request can name it. */
    STORE("alias/coffer/sse-s3", "wraps the data keys of SSE-S3"),
    /** Of SSE-KMS where no key is named, under its name at Amazon. */
    MANAGED("alias/aws/s3", "wraps the data keys of SSE-KMS where no key is named");

    private final String alias;
    private final String description;

    BuiltInKey(String alias, String description) {
        this.alias = alias;
        this.description = description;
    }

    String alias() {
        return alias;
    }

    String description() {
        return description;
    }

    boolean is(MasterKey key) {
        return key.alias().equals(alias);
    }

    /** Whether an alias is for keys that nobody makes. */
    static boolean reserves(String alias) {
        return alias.startsWith("alias/aws/") || alias.startsWith("alias/coffer/");
    }

    static boolean isOne(MasterKey key) {
        return reserves(key.alias());
    }
}
