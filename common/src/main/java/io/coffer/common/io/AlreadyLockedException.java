package io.coffer.common.io;

import java.io.IOException;

/** Another holder, in this process or another, has the lock. */
public final class AlreadyLockedException extends IOException {
    private static final long serialVersionUID = 1L;

    public AlreadyLockedException(String path) {
        super(path + " is locked by another process");
    }
}
