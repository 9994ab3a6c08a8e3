package io.coffer.gateway.s3.operation;

import io.coffer.common.id.UploadId;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Optional;

/** Upload ids as clients write them. */
public final class UploadIds {
    public static final String PARAMETER = "uploadId";

    private UploadIds() {}

    /** The upload that a request names; NoSuchUpload for what was never an id. */
    public static UploadId of(S3Request request) throws S3Exception {
        String text = ListParameters.text(request, PARAMETER);
        return parse(text).orElseThrow(() -> ObjectErrors.noSuchUpload(text));
    }

    public static Optional<UploadId> parse(String text) {
        try {
            return Optional.of(UploadId.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
