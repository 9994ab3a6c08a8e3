package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Locale;
import java.util.Set;

/**
 * Headers that ask for what isn't offered. To ignore one would break a promise: of encryption, of access, of a
 * check. Other unknown headers are ignored, as S3 does.
 */
public final class UnofferedHeaders {
    private static final String PREFIX = "x-amz-";
    private static final String ACL = "x-amz-acl";

    /** What an object or bucket has anyway: its owner, who is the bucket's, may do everything. */
    private static final Set<String> ACCEPTED_ACLS =
            Set.of("private", "bucket-owner-full-control", "bucket-owner-read");

    private static final Set<String> KNOWN_ACLS =
            Set.of("public-read", "public-read-write", "authenticated-read", "aws-exec-read", "log-delivery-write");

    private static final Set<String> KNOWN_OWNERSHIPS = Set.of("BucketOwnerPreferred", "ObjectWriter");

    private UnofferedHeaders() {}

    /** Refuses the request if it has such a header. */
    public static void refuse(Headers headers) throws S3Exception {
        for (Header line : headers) {
            if (line.name().regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
                refuse(line.name().toLowerCase(Locale.ROOT), line.value());
            }
        }
    }

    private static void refuse(String name, String value) throws S3Exception {
        switch (name) {
            case ACL -> {
                if (!ACCEPTED_ACLS.contains(value)) {
                    throw refusedAcl(value);
                }
            }
            case "x-amz-grant-full-control",
                    "x-amz-grant-read",
                    "x-amz-grant-read-acp",
                    "x-amz-grant-write",
                    "x-amz-grant-write-acp" -> throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
            case "x-amz-object-ownership" -> {
                if (!value.equals("BucketOwnerEnforced")) {
                    throw refusedOwnership(value);
                }
            }
            case "x-amz-bucket-namespace" -> {
                if (!value.equals("global")) {
                    throw notImplemented(name);
                }
            }
            case "x-amz-write-offset-bytes",
                    "x-amz-checksum-sha512",
                    "x-amz-checksum-md5",
                    "x-amz-checksum-xxhash64",
                    "x-amz-checksum-xxhash3",
                    "x-amz-checksum-xxhash128" -> throw notImplemented(name);
            default -> {
                if (name.startsWith("x-amz-server-side-encryption")
                        || name.startsWith("x-amz-copy-source-server-side-encryption")) {
                    throw notImplemented(name);
                }
            }
        }
    }

    private static S3Exception refusedAcl(String value) {
        return KNOWN_ACLS.contains(value)
                ? new S3Exception(S3Error.ACL_NOT_SUPPORTED)
                : new S3Exception(S3Error.INVALID_ARGUMENT)
                        .with("ArgumentName", ACL)
                        .with("ArgumentValue", value);
    }

    private static S3Exception refusedOwnership(String value) {
        return KNOWN_OWNERSHIPS.contains(value)
                ? notImplemented("x-amz-object-ownership")
                : new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid x-amz-object-ownership header: " + value)
                        .with("ArgumentName", "x-amz-object-ownership");
    }

    /** NotImplemented, naming the header. */
    static S3Exception notImplemented(String header) {
        return new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", header);
    }
}
