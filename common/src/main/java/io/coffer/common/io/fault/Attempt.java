package io.coffer.common.io.fault;

/**
 * A call on a {@link FaultyFileSystem}, before it is made.
 *
 * @param path as the file was opened, or the call names it; for a rename the old one
 * @param position 0 where there is none
 * @param length the buffer's bytes or the range's; 0 where there is none
 */
public record Attempt(Operation operation, String path, long position, long length) {

    /** What is called. */
    public enum Operation {
        OPEN(false),
        READ(false),
        WRITE(true),
        SYNC(true),
        SIZE(false),
        TRUNCATE(true),
        ALLOCATE(true),
        PUNCH_HOLE(true),
        EXISTS(false),
        LIST(false),
        CREATE_DIRECTORIES(true),
        DELETE(true),
        RENAME(true),
        SYNC_DIRECTORY(true),
        LOCK(true),
        SPACE(false);

        private final boolean changing;

        Operation(boolean changing) {
            this.changing = changing;
        }

        /** Refused by a file system that is mounted read-only. */
        public boolean changing() {
            return changing;
        }
    }

    public boolean is(Operation wanted) {
        return operation == wanted;
    }
}
