package io.coffer.gateway.payload;

/** Bounds of what a body's framing may take. */
final class Limits {
    /** The longest line of aws-chunked framing: size (16), signature (81) and CRLF; or a trailer's name, value and ends. */
    static final int MAX_CHUNK_LINE_BYTES = 512;

    /** All trailer lines together; one checksum and one signature take 180. */
    static final int MAX_TRAILER_BYTES = 2048;

    private Limits() {}
}
