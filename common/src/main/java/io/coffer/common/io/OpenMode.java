package io.coffer.common.io;

/** How {@link FileSystem#open} treats a file that exists, or doesn't. No mode ever truncates. */
public enum OpenMode {
    /** The file must exist; writes are refused. */
    READ(false),
    /** The file must exist. */
    READ_WRITE(true),
    /** The file must not exist ({@link FileExistsException}); opened for reading and writing. */
    CREATE_NEW(true),
    /** The file is created when missing and kept as it is otherwise; opened for reading and writing. */
    CREATE(true);

    private final boolean writable;

    OpenMode(boolean writable) {
        this.writable = writable;
    }

    public boolean writable() {
        return writable;
    }
}
