package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.operation.Identity;
import org.jspecify.annotations.Nullable;

/** What becomes known of a request on its way through the pipeline. Used by the request's own thread. */
final class Call {
    /** The operation's name while none was found. */
    static final String NO_OPERATION = "None";

    private final RequestIds.Ids ids;
    private String resource = "/";
    private @Nullable String bucket;
    private String operation = NO_OPERATION;
    private Identity identity = Identity.ANONYMOUS;
    private @Nullable S3Error error;
    private Headers answerHeaders = Headers.EMPTY;

    Call(RequestIds.Ids ids) {
        this.ids = ids;
    }

    RequestIds.Ids ids() {
        return ids;
    }

    /** @param named null if none is */
    void parsed(String path, @Nullable String named) {
        this.resource = path;
        this.bucket = named;
    }

    void authenticated(Identity who) {
        this.identity = who;
    }

    void routed(String name) {
        this.operation = name;
    }

    void failedWith(S3Error refusal) {
        this.error = refusal;
    }

    /** @param headers that every answer to the request has, whatever comes of it */
    void answeredWith(Headers headers) {
        this.answerHeaders = headers;
    }

    Headers answerHeaders() {
        return answerHeaders;
    }

    String resource() {
        return resource;
    }

    @Nullable
    String bucket() {
        return bucket;
    }

    String operation() {
        return operation;
    }

    Identity identity() {
        return identity;
    }

    @Nullable
    S3Error error() {
        return error;
    }
}
