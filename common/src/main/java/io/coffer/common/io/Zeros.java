package io.coffer.common.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes zeros where a hole can't be punched: reads the same, frees nothing. */
final class Zeros {
    private static final int STEP_BYTES = 64 * 1024;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(STEP_BYTES).asReadOnlyBuffer();

    private Zeros() {}

    /** Overwrites the part of the range that lies within the file. */
    static void write(StorageFile file, long position, long length) throws IOException {
        long end = Math.min(position + length, file.size());
        for (long at = position; at < end; ) {
            int step = (int) Math.min(STEP_BYTES, end - at);
            file.write(ZEROS.slice(0, step), at);
            at += step;
        }
    }
}
