package io.coffer.gateway.object;

import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.gateway.payload.BodySealer;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are durable but that nothing references yet. Closing gives their space back, unless {@link #commit} referenced
 * them or may have.
 */
public final class StoredBody implements AutoCloseable {
    private final long size;
    private final Runnable discard;
    private final @Nullable BodySealer sealer;
    private Payload payload;
    private boolean settled;

    StoredBody(long size, Payload payload, Runnable discard) {
        this(size, payload, discard, null);
    }

    /** @param sealer that has sealed the bytes; null for ones that aren't encrypted, or were by others */
    StoredBody(long size, Payload payload, Runnable discard, @Nullable BodySealer sealer) {
        this.size = size;
        this.payload = payload;
        this.discard = discard;
        this.sealer = sealer;
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    public Payload payload() {
        return payload;
    }

    /**
     * Runs the metadata command that references the {@link #payload}; once more, with its data key wrapped anew, if the key that has wrapped
     * it was replaced while the bytes came. Only a refusal leaves them to be discarded: any other failure may have committed.
     */
    public <R> R commit(Commit<R> command) throws RefusedException, S3Exception {
        settled = true;
        try {
            try {
                return command.run();
            } catch (RefusedException e) {
                if (sealer == null || e.refusal() != Refusal.SEAL_TOO_OLD) {
                    throw e;
                }
            }
            settled = false;
            payload = sealer.renewed(payload);
            settled = true;
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
