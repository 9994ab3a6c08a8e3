package io.coffer.gateway.http;

/** Why the server answers a request itself: it isn't one, or there is no room for it. The connection is closed behind it. */
public enum HttpFault {
    MALFORMED(400, "An error occurred when parsing the HTTP request."),
    MALFORMED_TARGET(400, "Couldn't parse the specified URI."),
    TARGET_TOO_LONG(414, "The URI of your request exceeds the maximum allowed size"),
    HEAD_TOO_LARGE(400, "Your request header section exceeds the maximum allowed size"),
    TIMEOUT(400, "Your socket connection to the server was not read from or written to within the timeout period."),
    VERSION_NOT_SUPPORTED(505, "The HTTP version specified is not supported."),
    OVERLOADED(503, "Please reduce your request rate.");

    private final int status;
    private final String message;

    HttpFault(int status, String message) {
        this.status = status;
        this.message = message;
    }

    public int status() {
        return status;
    }

    /** For people; says nothing of the request. */
    public String message() {
        return message;
    }
}
