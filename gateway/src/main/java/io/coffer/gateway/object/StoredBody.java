package io.coffer.gateway.object;

import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.RefusedException;
import io.coffer.gateway.s3.error.S3Exception;

/**
 * Bytes that are durable but that nothing references yet. Closing gives their space back, unless {@link #commit} referenced
 * them or may have.
 */
public final class StoredBody implements AutoCloseable {
    private final long size;
    private final Payload payload;
    private final Runnable discard;
    private boolean settled;

    StoredBody(long size, Payload payload, Runnable discard) {
        this.size = size;
        this.payload = payload;
        this.discard = discard;
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    public Payload payload() {
        return payload;
    }

    /** Runs the metadata command that references the bytes. Only a refusal leaves them to be discarded: any other failure may have committed. */
    public <R> R commit(Commit<R> command) throws RefusedException, S3Exception {
        settled = true;
        try {
            return command.run();
        } catch (RefusedException e) {
            settled = false;
            throw e;
        }
    }

    @Override
    public void close() {
        if (!settled) {
            settled = true;
            discard.run();
        }
    }

    /** The command that references a {@link #payload}. */
    @FunctionalInterface
    public interface Commit<R> {
        R run() throws RefusedException, S3Exception;
    }
}
