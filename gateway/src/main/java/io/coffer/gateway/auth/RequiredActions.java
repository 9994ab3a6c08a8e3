package io.coffer.gateway.auth;

import io.coffer.gateway.access.acl.AclRequest;
import io.coffer.gateway.http.Headers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The actions that a request needs, of which its operation's are only the usual ones: acting on a version is another action than on
 * what is current, and headers ask for more.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html">Required permissions</a>
 */
final class RequiredActions {
    private static final Map<String, String> ON_VERSION = Map.of(
            "s3:GetObject", "s3:GetObjectVersion",
            "s3:GetObjectAcl", "s3:GetObjectVersionAcl",
            "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes",
            "s3:GetObjectTagging", "s3:GetObjectVersionTagging",
            "s3:PutObjectAcl", "s3:PutObjectVersionAcl",
            "s3:PutObjectTagging", "s3:PutObjectVersionTagging",
            "s3:DeleteObject", "s3:DeleteObjectVersion",
            "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging");

    private static final List<String> TELLING =
            List.of("If-Match", "If-None-Match", "x-amz-if-match-size", "x-amz-if-match-last-modified-time");

    private static final Set<String> OVERRIDABLE =
            Set.of("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention");

    private RequiredActions() {}

    static Set<String> of(AccessRequest request) {
        Set<String> needed = new LinkedHashSet<>();
        for (String action : request.actions()) {
            needed.add(request.versionId() == null ? action : ON_VERSION.getOrDefault(action, action));
        }
        Headers headers = request.circumstances().headers();
        // A part carries none of this, and a copy's source is only read.
        boolean writes = needed.contains("s3:PutObject");
        if (writes) {
            addForHeaders(headers, needed);
        }
        if ((writes || needed.contains("s3:DeleteObject")) && tellsByCondition(headers)) {
            needed.add("s3:GetObject");
        }
        boolean bypassing = "true".equalsIgnoreCase(headers.first("x-amz-bypass-governance-retention"));
        if (bypassing && needed.stream().anyMatch(OVERRIDABLE::contains)) {
            needed.add("s3:BypassGovernanceRetention");
        }
        return needed;
    }

    /** Whether success or failure says what an object is like; that it is there at all may be found out by writing. */
    private static boolean tellsByCondition(Headers headers) {
        for (String name : TELLING) {
            String value = headers.first(name);
            if (value != null && !value.strip().equals("*")) {
                return true;
            }
        }
        return false;
    }

    private static void addForHeaders(Headers headers, Set<String> needed) {
        if (AclRequest.isIn(headers)) {
            needed.add("s3:PutObjectAcl");
        }
        String tags = headers.first("x-amz-tagging");
        if (tags != null && !tags.isEmpty()) {
            needed.add("s3:PutObjectTagging");
        }
        if (headers.contains("x-amz-object-lock-mode") || headers.contains("x-amz-object-lock-retain-until-date")) {
            needed.add("s3:PutObjectRetention");
        }
        if (headers.contains("x-amz-object-lock-legal-hold")) {
            needed.add("s3:PutObjectLegalHold");
        }
    }
}
