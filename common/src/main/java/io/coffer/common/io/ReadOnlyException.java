package io.coffer.common.io;

import java.io.IOException;

/** The file, or the file system under it, can't be written (EROFS, or a file opened with {@link OpenMode#READ}). */
public final class ReadOnlyException extends IOException {
    private static final long serialVersionUID = 1L;

    public ReadOnlyException(String message) {
        super(message);
    }
}
