package io.coffer.common.checksum;

/**
 * The MD5 of one object while others are being hashed. Used by one thread at a time, and closed by the one who made it,
 * digest or not. A call may do other streams' work along with its own, or wait for one that does its own: some 100
 * microseconds at most.
 */
public interface Md5Stream extends Checksummer, AutoCloseable {
    /** Forgets what was not digested; the stream can't be used again. */
    @Override
    void close();
}
