package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ErrorDocument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into the answer that the client gets; what is our fault is logged here, once. */
final class ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    private ErrorAnswers() {}

    static S3Response of(Throwable failure, Call call) {
        return of(refusal(failure, call), call);
    }

    private static S3Exception refusal(Throwable failure, Call call) {
        return switch (failure) {
            case S3Exception refused -> refused;
            case RequestBodyException broken ->
                switch (broken.reason()) {
                    case INCOMPLETE, MALFORMED -> new S3Exception(S3Error.INCOMPLETE_BODY);
                    case TIMEOUT -> new S3Exception(S3Error.REQUEST_TIMEOUT);
                };
            default -> {
                LOG.error("{} failed", call.operation(), failure);
                yield new S3Exception(S3Error.INTERNAL_ERROR);
            }
        };
    }

    private static S3Response of(S3Exception refusal, Call call) {
        S3Error error = refusal.error();
        call.failedWith(error);
        if (error == S3Error.NOT_MODIFIED) {
            return S3Response.empty(error.status(), refusal.headers());
        }
        Map<String, String> details = new LinkedHashMap<>(refusal.details());
        details.putIfAbsent("Resource", call.resource());
        ErrorDocument document = new ErrorDocument(
                error.code(),
                String.valueOf(refusal.getMessage()),
                details,
                call.ids().requestId(),
                call.ids().hostId());
        return S3Response.xml(error.status(), headers(refusal), document.toXml());
    }

    /** A body with another digest than its client named may have another length, too: then the rest of it would begin the next request. */
    private static Headers headers(S3Exception refusal) {
        return refusal.error() == S3Error.BAD_DIGEST
                ? new Headers.Builder()
                        .addAll(refusal.headers())
                        .add("Connection", "close")
                        .build()
                : refusal.headers();
    }
}
