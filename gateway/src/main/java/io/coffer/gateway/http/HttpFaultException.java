package io.coffer.gateway.http;

/** Ends the parsing of a request. Carries no stack trace. */
final class HttpFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    private final HttpFault fault;

    HttpFaultException(HttpFault fault) {
        super(fault.name(), null, false, false);
        this.fault = fault;
    }

    HttpFault fault() {
        return fault;
    }
}
