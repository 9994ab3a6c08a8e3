package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.StoredChecksum;
import io.coffer.gateway.http.Headers;
import org.jspecify.annotations.Nullable;

/** The checksum headers of responses. */
public final class ChecksumFields {
    private static final String TYPE = "x-amz-checksum-type";

    private ChecksumFields() {}

    /** Whether a read asks for checksums. */
    public static boolean askedFor(Headers request) {
        return "ENABLED".equalsIgnoreCase(request.first("x-amz-checksum-mode"));
    }

    /**
     * Of an object.
     *
     * @param parts of the object; a composite checksum ends in their number
     */
    public static void write(@Nullable StoredChecksum checksum, int parts, Headers.Builder response) {
        if (checksum != null) {
            boolean composite = checksum.type() == StoredChecksum.Type.COMPOSITE;
            response.add(
                    checksum.algorithm().headerName(), composite ? checksum.value() + "-" + parts : checksum.value());
            response.add(TYPE, checksum.type().name());
        }
    }

    /** Of a part that is being uploaded. */
    public static void writePart(@Nullable StoredChecksum checksum, Headers.Builder response) {
        if (checksum != null) {
            response.add(checksum.algorithm().headerName(), checksum.value());
        }
    }

    /** Of a part that is read: its own value, and the type of the object's. */
    public static void writePart(StoredChecksum part, StoredChecksum.Type objectType, Headers.Builder response) {
        response.add(part.algorithm().headerName(), part.value());
        response.add(TYPE, objectType.name());
    }
}
