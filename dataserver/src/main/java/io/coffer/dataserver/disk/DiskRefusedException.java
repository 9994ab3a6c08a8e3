package io.coffer.dataserver.disk;

/** A directory that isn't this node's to use. The message is one line for the operator; nothing was changed. */
public final class DiskRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public DiskRefusedException(String path, String why) {
        super(path + ": " + why);
    }
}
