package io.coffer.gateway.s3.operation;

import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;

/** One S3 operation. Stateless; runs on the request's virtual thread, in blocking style. */
public interface Operation {
    OperationSpec spec();

    /**
     * Carries the request out. Authentication and authorisation are done; nothing of the body has been read.
     *
     * @throws S3Exception the client's fault or a defined refusal
     * @throws IOException if the connection is gone
     */
    S3Response handle(S3Request request) throws S3Exception, IOException;
}
