package io.coffer.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Says in the words of the protocol above why the server refuses a request. Called on event loops: must not block. */
@FunctionalInterface
public interface HttpErrorRenderer {
    /** Says it in a line of plain text. */
    HttpErrorRenderer PLAIN_TEXT = fault -> new Answer(
            new ResponseHead(fault.status(), Headers.of("Content-Type", "text/plain")),
            ByteBuffer.wrap((fault.message() + '\n').getBytes(StandardCharsets.US_ASCII)));

    Answer render(HttpFault fault);

    /** A whole response. */
    record Answer(ResponseHead head, ByteBuffer body) {}
}
