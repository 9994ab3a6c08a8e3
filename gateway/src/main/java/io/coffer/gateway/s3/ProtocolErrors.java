package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpFault;
import io.coffer.gateway.http.ResponseHead;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.xml.ErrorDocument;
import java.util.Map;

/** What the HTTP server refuses by itself, in S3's words and with ids like every other answer. Thread-safe. */
public final class ProtocolErrors implements HttpErrorRenderer {
    private final RequestIds ids;
    private final String serverName;

    public ProtocolErrors(RequestIds ids, S3Settings settings) {
        this.ids = ids;
        this.serverName = settings.serverName();
    }

    @Override
    public Answer render(HttpFault fault) {
        S3Error error = switch (fault) {
            case MALFORMED, VERSION_NOT_SUPPORTED -> S3Error.BAD_REQUEST;
            case MALFORMED_TARGET -> S3Error.INVALID_URI;
            case TARGET_TOO_LONG -> S3Error.URI_TOO_LONG;
            case HEAD_TOO_LARGE -> S3Error.REQUEST_HEADER_SECTION_TOO_LARGE;
            case TIMEOUT -> S3Error.REQUEST_TIMEOUT;
            case OVERLOADED -> S3Error.SLOW_DOWN;
        };
        RequestIds.Ids names = ids.next();
        Headers headers = names.onto(new Headers.Builder())
                .add("Server", serverName)
                .add("Content-Type", "application/xml")
                .build();
        ErrorDocument document =
                new ErrorDocument(error.code(), fault.message(), Map.of(), names.requestId(), names.hostId());
        return new Answer(new ResponseHead(fault.status(), headers), document.toXml());
    }
}
