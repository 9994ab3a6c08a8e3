package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The access control list that a request wants for what it makes or changes. */
public sealed interface AclRequest {
    /** Says nothing of it. */
    record Nothing() implements AclRequest {}

    record Canned(CannedAcl acl) implements AclRequest {}

    record Grants(List<NamedGrant> grants) implements AclRequest {
        public Grants {
            grants = List.copyOf(grants);
        }
    }

    AclRequest NOTHING = new Nothing();

    String ACL = "x-amz-acl";

    String GRANT_PREFIX = "x-amz-grant-";

    /** In the order in which Amazon lists what they grant. */
    Map<String, Permission> GRANT_HEADERS = Map.of(
            "x-amz-grant-full-control", Permission.FULL_CONTROL,
            "x-amz-grant-read", Permission.READ,
            "x-amz-grant-write", Permission.WRITE,
            "x-amz-grant-read-acp", Permission.READ_ACP,
            "x-amz-grant-write-acp", Permission.WRITE_ACP);

    /** What the headers ask for. InvalidArgument, InvalidRequest. */
    static AclRequest of(Headers headers) throws S3Exception {
        if (!isIn(headers)) {
            return NOTHING;
        }
        String canned = headers.first(ACL);
        List<NamedGrant> grants = null;
        for (Permission permission : Permission.values()) {
            for (Map.Entry<String, Permission> header : GRANT_HEADERS.entrySet()) {
                String value = header.getValue() == permission ? headers.first(header.getKey()) : null;
                if (value != null) {
                    if (grants == null) {
                        grants = new ArrayList<>();
                    }
                    new GrantHeader(header.getKey(), value).read(permission, grants);
                }
            }
        }
        if (canned == null) {
            return grants == null ? NOTHING : new Grants(bounded(grants));
        }
        if (grants != null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Specifying both Canned ACLs and Header Grants is not allowed");
        }
        return new Canned(CannedAcl.parse(canned).orElseThrow(() -> AclErrors.invalid("", ACL, canned)));
    }

    /** Whether any header asks for a list; most requests have none, and pay for no more than a look. */
    static boolean isIn(Headers headers) {
        for (Header line : headers) {
            String name = line.name();
            if (name.regionMatches(true, 0, GRANT_PREFIX, 0, GRANT_PREFIX.length()) || name.equalsIgnoreCase(ACL)) {
                return true;
            }
        }
        return false;
    }

    private static List<NamedGrant> bounded(List<NamedGrant> grants) throws S3Exception {
        if (grants.size() > AccessControlList.MAX_GRANTS) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The access control list may not have more than " + AccessControlList.MAX_GRANTS + " grants");
        }
        return grants;
    }
}
