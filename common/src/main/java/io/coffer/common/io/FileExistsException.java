package io.coffer.common.io;

import java.io.IOException;

/** The path that was to be created exists already. */
public final class FileExistsException extends IOException {
    private static final long serialVersionUID = 1L;

    public FileExistsException(String path) {
        super(path + " exists already");
    }
}
