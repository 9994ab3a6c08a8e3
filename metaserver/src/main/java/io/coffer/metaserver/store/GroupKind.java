package io.coffer.metaserver.store;

/** What a group keeps. */
public enum GroupKind {
    SYSTEM((byte) 'S'),
    BUCKET((byte) 'B');

    private final byte mark;

    GroupKind(byte mark) {
        this.mark = mark;
    }

    /** What the format row says of it. */
    byte mark() {
        return mark;
    }
}
