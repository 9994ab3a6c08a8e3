package io.coffer.gateway.s3.operation;

/** Whether customers' own keys (SSE-C) are taken. */
public enum CustomerKeyRule {
    /** Over HTTPS only, as Amazon does. */
    HTTPS,
    /** Also where anybody on the way could read them. */
    ALWAYS,
    /** Not for what is written; what is there can be read. */
    NEVER
}
