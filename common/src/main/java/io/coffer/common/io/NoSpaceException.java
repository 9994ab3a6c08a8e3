package io.coffer.common.io;

import java.io.IOException;

/** The disk, its quota or its inodes are used up (ENOSPC, EDQUOT): nothing is broken, and deletes still work. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message) {
        super(message);
    }
}
