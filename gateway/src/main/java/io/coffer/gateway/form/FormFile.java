package io.coffer.gateway.form;

import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The file of a form as a body to store. Its end is only reported when its size is one that is allowed, no other file follows, and the
 * whole form is well-formed. Used by one thread.
 */
final class FormFile implements ObjectBody {
    private final FormReader form;
    private final SizeRange sizes;
    private final long most;
    private long bytes;
    private boolean ended;

    /** @throws S3Exception EntityTooLarge, when it is clear already */
    FormFile(FormReader form, SizeRange sizes) throws S3Exception {
        this.form = form;
        this.sizes = sizes;
        this.most = form.mostContent();
        if (most - FormReader.MAX_BYTES_BESIDE_FILE > sizes.max()) {
            throw tooLarge();
        }
        form.enterFile();
    }

    @Override
    public long length() {
        return Math.min(most, sizes.max());
    }

    /** What is behind a file isn't known before its end. */
    @Override
    public boolean mayBeShorter() {
        return true;
    }

    @Override
    public @Nullable ByteBuffer read() throws S3Exception, IOException {
        if (ended) {
            return null;
        }
        ByteBuffer piece = form.content();
        if (piece == null) {
            end();
            ended = true;
            return null;
        }
        bytes += piece.remaining();
        if (bytes > sizes.max()) {
            throw tooLarge();
        }
        if (bytes > most) {
            // What is left has no room for the end of the form.
            throw FormErrors.malformed();
        }
        return piece;
    }

    private void end() throws S3Exception, IOException {
        form.leaveFile();
        if (bytes < sizes.min()) {
            throw new S3Exception(S3Error.ENTITY_TOO_SMALL)
                    .with("ProposedSize", Long.toString(bytes))
                    .with("MinSizeAllowed", Long.toString(sizes.min()));
        }
        for (PartHead part = form.nextPart(); part != null; part = form.nextPart()) {
            if (part.name().equalsIgnoreCase(FormFields.FILE)) {
                throw FormErrors.numberOfFiles(2);
            }
            form.skip();
        }
        form.finish();
    }

    /** The size is that of a form which ends behind its file, as nearly all do. */
    private S3Exception tooLarge() {
        long proposed = Math.max(bytes, most - "\r\n".length());
        return new S3Exception(S3Error.ENTITY_TOO_LARGE)
                .with("ProposedSize", Long.toString(proposed))
                .with("MaxSizeAllowed", Long.toString(sizes.max()));
    }

    @Override
    public @Nullable String trailer(String name) {
        return null;
    }
}
