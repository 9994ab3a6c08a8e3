package io.coffer.common.metadata;

/** The settings of a bucket that are documents: kept whole, fetched by who needs them. */
public enum DocumentKind {
    POLICY,
    CORS,
    TAGGING,
    LIFECYCLE,
    ACL
}
