package io.coffer.dataserver.disk;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A write under way, see {@link LocalDisk#beginWrite}. */
public final class LongWrite {
    private final CompletableFuture<Void> over;

    LongWrite(CompletableFuture<Void> over) {
        this.over = over;
    }

    /** Returns when the write is over, interrupted or not: until then the region and the buffer are in use. */
    public void await() throws IOException {
        try {
            over.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw e;
            }
        }
    }

    /** The same for those who give up anyway. */
    public void awaitQuietly() {
        over.exceptionally(failure -> null).join();
    }
}
