package io.coffer.gateway.s3.operation;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** Part numbers as clients write them. */
public final class PartNumbers {
    public static final int MAX = 10_000;

    private static final String PARAMETER = "partNumber";

    private PartNumbers() {}

    /** The part that a read asks for; 0 when it asks for none. */
    public static int ofRead(S3Request request) throws S3Exception {
        String text = request.query().first(PARAMETER);
        return text == null ? 0 : parse(text);
    }

    /** The number of the part that is uploaded. */
    public static int ofUpload(S3Request request) throws S3Exception {
        return parse(request.query().first(PARAMETER));
    }

    private static int parse(@Nullable String text) throws S3Exception {
        try {
            int number = Integer.parseInt(text == null ? "" : text);
            if (number >= 1 && number <= MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "Part number must be an integer between 1 and 10000, inclusive")
                .with("ArgumentName", PARAMETER)
                .with("ArgumentValue", text == null ? "" : text);
    }
}
