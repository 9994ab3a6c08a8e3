package io.coffer.metaserver.store;

/** The last log entry whose effects a store contains. */
public record AppliedIndex(long term, long index) {
    /** Before the first entry. */
    public static final AppliedIndex NONE = new AppliedIndex(0, -1);
}
