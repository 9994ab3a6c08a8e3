package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.gateway.access.policy.ConditionKey;
import io.coffer.gateway.access.policy.PolicyFacts;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.CopySource;
import io.coffer.gateway.s3.header.LockHeaders;
import io.coffer.gateway.s3.header.TaggingHeader;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.UploadIds;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a request and what it acts on tell the conditions of a policy. For one decision; used by its thread. */
final class RequestFacts implements PolicyFacts {
    private static final String V4 = "AWS4-HMAC-SHA256";
    private static final String V2 = "AWS";
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    /** A field that forms of version 4 have. */
    private static final String FORM_ALGORITHM = "x-amz-algorithm";

    /**
     * Actions of operations that act on the very version that was decided about. Amazon asks for no tags of what is overwritten or
     * deleted either.
     */
    private static final Set<String> ON_EXISTING = Set.of(
            "s3:DeleteObjectTagging",
            "s3:DeleteObjectVersionTagging",
            "s3:GetObject",
            "s3:GetObjectAcl",
            "s3:GetObjectAttributes",
            "s3:GetObjectLegalHold",
            "s3:GetObjectRetention",
            "s3:GetObjectTagging",
            "s3:GetObjectVersion",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionAttributes",
            "s3:GetObjectVersionTagging",
            "s3:PutObjectAcl",
            "s3:PutObjectLegalHold",
            "s3:PutObjectRetention",
            "s3:PutObjectTagging",
            "s3:PutObjectVersionAcl",
            "s3:PutObjectVersionTagging");

    private final AccessRequest request;
    private final Bucket bucket;
    private final ResourceFacts resources;
    private @Nullable Map<String, String> requestTags;
    private @Nullable ObjectVersion version;
    private boolean looked;
    private String action = "";

    RequestFacts(AccessRequest request, Bucket bucket, ResourceFacts resources) {
        this.request = request;
        this.bucket = bucket;
        this.resources = resources;
    }

    /** Which of the request's actions is decided about from now on. */
    void deciding(String next) {
        action = next;
    }

    /** The version that is acted on; null when there is none. Looked up once. */
    @Nullable
    ObjectVersion version() throws S3Exception {
        String key = request.key();
        if (!looked && key != null) {
            version = resources.version(bucket, key, request.versionId());
            looked = true;
        }
        return version;
    }

    /** Who began the upload that is acted on; null when there is none. */
    @Nullable
    AccountId initiator() throws S3Exception {
        String key = request.key();
        String upload = query(UploadIds.PARAMETER);
        return key == null || upload == null ? null : resources.initiator(bucket, key, upload);
    }

    /** That the request is allowed; of the version that was looked at, if one was. */
    Permit permit() {
        if (!looked) {
            return Permit.ANY;
        }
        return version == null ? Permit.NOTHING : new Permit.Only(version.version());
    }

    @Override
    public @Nullable String value(ConditionKey key) throws S3Exception {
        Circumstances circumstances = request.circumstances();
        return switch (key.name()) {
            case S3_PREFIX -> query("prefix");
            case S3_DELIMITER -> query("delimiter");
            case S3_MAX_KEYS -> maxKeys();
            case S3_ACL -> header("x-amz-acl");
            case S3_GRANT_READ -> header("x-amz-grant-read");
            case S3_GRANT_WRITE -> header("x-amz-grant-write");
            case S3_GRANT_READ_ACP -> header("x-amz-grant-read-acp");
            case S3_GRANT_WRITE_ACP -> header("x-amz-grant-write-acp");
            case S3_GRANT_FULL_CONTROL -> header("x-amz-grant-full-control");
            case S3_COPY_SOURCE -> copySource();
            case S3_METADATA_DIRECTIVE -> header("x-amz-metadata-directive");
            case S3_ENCRYPTION -> header("x-amz-server-side-encryption");
            case S3_ENCRYPTION_KEY -> header("x-amz-server-side-encryption-aws-kms-key-id");
            case S3_CUSTOMER_ALGORITHM -> header("x-amz-server-side-encryption-customer-algorithm");
            case S3_STORAGE_CLASS -> header("x-amz-storage-class");
            case S3_WEBSITE_REDIRECT -> header("x-amz-website-redirect-location");
            case S3_OBJECT_OWNERSHIP -> header("x-amz-object-ownership");
            case S3_CONTENT_SHA256 -> contentSha256();
            case S3_VERSION_ID -> request.versionId();
            case S3_SIGNATURE_VERSION -> signatureVersion();
            case S3_SIGNATURE_AGE -> signatureAge();
            case S3_AUTH_TYPE -> authType();
            case S3_EXISTING_OBJECT_TAG -> existingTag(key.parameter());
            case S3_REQUEST_OBJECT_TAG -> requestTags().get(key.parameter());
            case S3_REQUEST_OBJECT_TAG_KEYS ->
                requestTags().keySet().stream().findFirst().orElse(null);
            case S3_LOCK_MODE -> lockMode();
            case S3_LOCK_UNTIL ->
                lockEnd() == 0 ? null : Instant.ofEpochMilli(lockEnd()).toString();
            case S3_LOCK_DAYS -> lockEnd() == 0 ? null : remainingDays(lockEnd());
            case S3_LEGAL_HOLD -> legalHold();
            case S3_IF_MATCH -> header("If-Match");
            case S3_IF_NONE_MATCH -> header("If-None-Match");
            case S3_RESOURCE_ACCOUNT, AWS_RESOURCE_ACCOUNT -> bucket.owner().value();
            case S3_CREATION_OPERATION -> createsObject();
            case AWS_SOURCE_IP -> sourceIp();
            case S3_TLS_VERSION -> circumstances.tls();
            case AWS_SECURE_TRANSPORT -> Boolean.toString(circumstances.secure());
            case AWS_CURRENT_TIME ->
                Instant.ofEpochMilli(circumstances.nowMillis()).toString();
            case AWS_EPOCH_TIME -> Long.toString(TimeUnit.MILLISECONDS.toSeconds(circumstances.nowMillis()));
            case AWS_USER_AGENT -> header("User-Agent");
            case AWS_REFERER -> header("Referer");
            case AWS_PRINCIPAL_ARN, AWS_PRINCIPAL_ACCOUNT, AWS_PRINCIPAL_TYPE, AWS_USER_ID, AWS_USER_NAME ->
                ofIdentity(key.name());
            case AWS_PRINCIPAL_IS_SERVICE, AWS_VIA_SERVICE -> "false";
            case AWS_REQUESTED_REGION -> bucket.region();
            // What belongs to services that aren't here.
            default -> null;
        };
    }

    @Override
    public List<String> values(ConditionKey key) throws S3Exception {
        if (key.name() == ConditionKey.Name.S3_REQUEST_OBJECT_TAG_KEYS) {
            return List.copyOf(requestTags().keySet());
        }
        return PolicyFacts.super.values(key);
    }

    private @Nullable String query(String name) {
        return request.circumstances().query().first(name);
    }

    /** As the listing takes it, which reads more spellings of a number than policies do. */
    private @Nullable String maxKeys() {
        String text = query("max-keys");
        try {
            return text == null ? null : Integer.toString(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private @Nullable String header(String name) {
        return request.circumstances().headers().first(name);
    }

    private @Nullable String ofIdentity(ConditionKey.Name name) {
        boolean signed = request.identity() instanceof Identity.Signed;
        if (!signed) {
            return switch (name) {
                case AWS_PRINCIPAL_TYPE -> "Anonymous";
                case AWS_USER_ID -> "anonymous";
                default -> null;
            };
        }
        var account = ((Identity.Signed) request.identity()).account();
        return switch (name) {
            case AWS_PRINCIPAL_ARN -> "arn:aws:iam::" + account.id().value() + ":root";
            case AWS_PRINCIPAL_TYPE -> "Account";
            case AWS_USER_NAME -> account.name();
            default -> account.id().value();
        };
    }

    /** As policies write it, whatever a client encodes: {@code bucket/key}. */
    private @Nullable String copySource() {
        String header = header(CopySource.HEADER);
        if (header == null) {
            return null;
        }
        try {
            CopySource source = CopySource.parse(header);
            return source.bucket() + '/' + source.key();
        } catch (S3Exception e) {
            // The operation will refuse it.
            return header;
        }
    }

    private @Nullable String contentSha256() {
        String sent = header("x-amz-content-sha256");
        if (sent != null) {
            return sent;
        }
        return isPresigned() && V4.equals(signatureVersion()) ? UNSIGNED : null;
    }

    private boolean isPresigned() {
        QueryParameters query = request.circumstances().query();
        return V4Claim.isIn(query) || V2Verifier.isIn(query);
    }

    private @Nullable String signatureVersion() {
        if (!(request.identity() instanceof Identity.Signed)) {
            return null;
        }
        String authorization = header("Authorization");
        if (authorization != null) {
            return authorization.startsWith(V4) ? V4 : V2;
        }
        boolean v4 = V4Claim.isIn(request.circumstances().query()) || isForm() && header(FORM_ALGORITHM) != null;
        return v4 ? V4 : V2;
    }

    /** What is signed, but neither in a header nor in the query, is a form. */
    private boolean isForm() {
        return request.identity() instanceof Identity.Signed && header("Authorization") == null && !isPresigned();
    }

    private @Nullable String authType() {
        if (!(request.identity() instanceof Identity.Signed)) {
            return null;
        }
        if (isForm()) {
            return "POST";
        }
        return isPresigned() ? "REST-QUERY-STRING" : "REST-HEADER";
    }

    /** Milliseconds since it was signed; unknown of a link or a form of version 2, which say only when they end. */
    private @Nullable String signatureAge() {
        if (!(request.identity() instanceof Identity.Signed)) {
            return null;
        }
        Headers headers = request.circumstances().headers();
        String time = V4Claim.isIn(request.circumstances().query())
                ? query("X-Amz-Date")
                : headers.contains("x-amz-date") || isForm() ? headers.first("x-amz-date") : headers.first("Date");
        if (time == null) {
            return null;
        }
        OptionalLong signed = SignatureTime.parse(time);
        return signed.isEmpty()
                ? null
                : Long.toString(Math.max(0, request.circumstances().nowMillis() - signed.getAsLong()));
    }

    private @Nullable String existingTag(String tag) throws S3Exception {
        ObjectVersion existing = ON_EXISTING.contains(action) ? version() : null;
        return existing == null ? null : existing.attributes().tags().get(tag);
    }

    /** What isn't well-formed gives no tags: the operation refuses it. */
    private Map<String, String> requestTags() {
        if (request.change() instanceof VersionChange.Tags(Map<String, String> changed)) {
            return changed;
        }
        Map<String, String> tags = requestTags;
        if (tags == null) {
            try {
                tags = TaggingHeader.parse(request.circumstances().headers()).tags();
            } catch (S3Exception e) {
                tags = Map.of();
            }
            requestTags = tags;
        }
        return tags;
    }

    private @Nullable String lockMode() {
        if (request.change() instanceof VersionChange.Retention(RetentionMode mode, long _, boolean _)) {
            return mode == null ? null : mode.name();
        }
        return header("x-amz-object-lock-mode");
    }

    /** Milliseconds since 1970; 0 for none, or one that isn't well-formed: the operation refuses that. */
    private long lockEnd() {
        if (request.change() instanceof VersionChange.Retention retention) {
            return retention.untilMillis();
        }
        String until = header("x-amz-object-lock-retain-until-date");
        return until == null ? 0 : LockHeaders.timeOf(until).orElse(0L);
    }

    private String remainingDays(long endMillis) {
        long millis = Math.max(0, endMillis - request.circumstances().nowMillis());
        return Long.toString(Math.ceilDiv(millis, TimeUnit.DAYS.toMillis(1)));
    }

    private @Nullable String legalHold() {
        if (request.change() instanceof VersionChange.LegalHold(boolean hold)) {
            return hold ? "ON" : "OFF";
        }
        return header("x-amz-object-lock-legal-hold");
    }

    /** Of writes only. A part isn't an object yet, and an upload that begins neither. */
    private @Nullable String createsObject() {
        QueryParameters query = request.circumstances().query();
        boolean post = request.circumstances().method().equals("POST");
        if (!post && !request.circumstances().method().equals("PUT")) {
            return null;
        }
        return Boolean.toString(query.contains("uploadId") ? post : !query.contains("uploads"));
    }

    /** Without the interface that the JDK appends to an address that is valid on one link only. */
    private String sourceIp() {
        String address = request.circumstances().remote().getAddress().getHostAddress();
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
