package io.coffer.common.metadata;

/** Who may end a retention before its time: who is allowed to bypass it, or nobody. */
public enum RetentionMode {
    GOVERNANCE,
    COMPLIANCE
}
