package io.coffer.common.metadata;

/** S3's three states of versioning. */
public enum Versioning {
    UNVERSIONED,
    ENABLED,
    SUSPENDED
}
