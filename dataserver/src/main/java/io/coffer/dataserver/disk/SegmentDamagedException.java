package io.coffer.dataserver.disk;

import java.io.IOException;

/** A segment file isn't there, or isn't the one it should be: what it held has to be repaired. The disk as such works. */
public final class SegmentDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public SegmentDamagedException(String message) {
        super(message);
    }
}
