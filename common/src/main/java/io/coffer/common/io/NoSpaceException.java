package io.coffer.common.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The disk, its quota or its inodes are used up (ENOSPC, EDQUOT): nothing is broken, and deletes still work. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The system's text of ENOSPC: neither Java nor RocksDB keeps the number everywhere. */
    static final String DISK_FULL = "No space left on device";

    /** The same of EDQUOT. */
    static final String QUOTA_USED = "Disk quota exceeded";

    public NoSpaceException(String message) {
        super(message);
    }

    /** Whether a full disk is behind a failure, also where a library kept nothing but the system's text for it. */
    public static boolean isBehind(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof NoSpaceException || isText(e.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isText(@Nullable String message) {
        return message != null && (message.contains(DISK_FULL) || message.contains(QUOTA_USED));
    }
}
