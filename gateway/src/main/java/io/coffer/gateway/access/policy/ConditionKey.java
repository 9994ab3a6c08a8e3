package io.coffer.gateway.access.policy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A key of a condition or a variable: what of a request it asks for. Names are compared without regard to case.
 *
 * @param parameter what follows the name, for keys that ask for one tag of several; else empty
 */
public record ConditionKey(Name name, String parameter) {
    /** The longest key of a tag, in characters. */
    private static final int MAX_PARAMETER = 128;

    /** What a key's name says about it beside its meaning. */
    private enum Trait {
        PLAIN,
        /** It ends with {@code /} and the key of a tag. */
        TAG,
        /** A request may have several values. */
        MANY,
        /** A statement that asks for fixed values of it isn't public. */
        NARROWING
    }

    /**
     * The keys of S3, and those that all services have. A request to this server never has a value of the last ones, which are about
     * organisations, networks and services of Amazon's.
     */
    public enum Name {
        S3_PREFIX("s3:prefix"),
        S3_DELIMITER("s3:delimiter"),
        S3_MAX_KEYS("s3:max-keys"),
        S3_ACL("s3:x-amz-acl"),
        S3_GRANT_READ("s3:x-amz-grant-read"),
        S3_GRANT_WRITE("s3:x-amz-grant-write"),
        S3_GRANT_READ_ACP("s3:x-amz-grant-read-acp"),
        S3_GRANT_WRITE_ACP("s3:x-amz-grant-write-acp"),
        S3_GRANT_FULL_CONTROL("s3:x-amz-grant-full-control"),
        S3_COPY_SOURCE("s3:x-amz-copy-source"),
        S3_METADATA_DIRECTIVE("s3:x-amz-metadata-directive"),
        S3_ENCRYPTION("s3:x-amz-server-side-encryption"),
        S3_ENCRYPTION_KEY("s3:x-amz-server-side-encryption-aws-kms-key-id", Trait.NARROWING),
        S3_CUSTOMER_ALGORITHM("s3:x-amz-server-side-encryption-customer-algorithm"),
        S3_STORAGE_CLASS("s3:x-amz-storage-class"),
        S3_WEBSITE_REDIRECT("s3:x-amz-website-redirect-location"),
        S3_OBJECT_OWNERSHIP("s3:x-amz-object-ownership"),
        S3_CONTENT_SHA256("s3:x-amz-content-sha256"),
        S3_VERSION_ID("s3:VersionId"),
        S3_LOCATION_CONSTRAINT("s3:LocationConstraint"),
        S3_SIGNATURE_VERSION("s3:signatureversion"),
        S3_SIGNATURE_AGE("s3:signatureAge"),
        S3_AUTH_TYPE("s3:authType"),
        S3_EXISTING_OBJECT_TAG("s3:ExistingObjectTag", Trait.TAG),
        S3_REQUEST_OBJECT_TAG("s3:RequestObjectTag", Trait.TAG),
        S3_REQUEST_OBJECT_TAG_KEYS("s3:RequestObjectTagKeys", Trait.MANY),
        S3_LOCK_MODE("s3:object-lock-mode"),
        S3_LOCK_UNTIL("s3:object-lock-retain-until-date"),
        S3_LOCK_DAYS("s3:object-lock-remaining-retention-days"),
        S3_LEGAL_HOLD("s3:object-lock-legal-hold"),
        S3_IF_MATCH("s3:if-match"),
        S3_IF_NONE_MATCH("s3:if-none-match"),
        S3_TLS_VERSION("s3:TlsVersion"),
        S3_RESOURCE_ACCOUNT("s3:ResourceAccount"),
        S3_CREATION_OPERATION("s3:ObjectCreationOperation"),
        AWS_SOURCE_IP("aws:SourceIp", Trait.NARROWING),
        AWS_SECURE_TRANSPORT("aws:SecureTransport"),
        AWS_CURRENT_TIME("aws:CurrentTime"),
        AWS_EPOCH_TIME("aws:EpochTime"),
        AWS_USER_AGENT("aws:UserAgent"),
        AWS_REFERER("aws:Referer"),
        AWS_PRINCIPAL_ARN("aws:PrincipalArn", Trait.NARROWING),
        AWS_PRINCIPAL_ACCOUNT("aws:PrincipalAccount", Trait.NARROWING),
        AWS_PRINCIPAL_TYPE("aws:PrincipalType"),
        AWS_PRINCIPAL_IS_SERVICE("aws:PrincipalIsAWSService"),
        AWS_VIA_SERVICE("aws:ViaAWSService"),
        AWS_USER_ID("aws:userid", Trait.NARROWING),
        AWS_USER_NAME("aws:username"),
        AWS_RESOURCE_ACCOUNT("aws:ResourceAccount"),
        AWS_REQUESTED_REGION("aws:RequestedRegion"),

        S3_BUCKET_TAG("s3:BucketTag", Trait.TAG),
        S3_ACCESS_POINT_ARN("s3:DataAccessPointArn", Trait.NARROWING),
        S3_ACCESS_POINT_ACCOUNT("s3:DataAccessPointAccount", Trait.NARROWING),
        S3_ACCESS_POINT_ORIGIN("s3:AccessPointNetworkOrigin"),
        S3_ACCESS_POINT_TAG("s3:AccessPointTag", Trait.TAG),
        S3_ACCESS_GRANTS("s3:AccessGrantsInstanceArn"),
        S3_INVENTORY_FIELDS("s3:InventoryAccessibleOptionalFields", Trait.MANY),
        AWS_PRINCIPAL_TAG("aws:PrincipalTag", Trait.TAG),
        AWS_PRINCIPAL_ORGANISATION("aws:PrincipalOrgID", Trait.NARROWING),
        AWS_PRINCIPAL_PATHS("aws:PrincipalOrgPaths", Trait.MANY),
        AWS_SERVICE_NAME("aws:PrincipalServiceName"),
        AWS_SERVICE_NAMES("aws:PrincipalServiceNamesList", Trait.MANY),
        AWS_SOURCE_ARN("aws:SourceArn", Trait.NARROWING),
        AWS_SOURCE_ACCOUNT("aws:SourceAccount", Trait.NARROWING),
        AWS_SOURCE_OWNER("aws:SourceOwner", Trait.NARROWING),
        AWS_SOURCE_ORGANISATION("aws:SourceOrgID"),
        AWS_SOURCE_PATHS("aws:SourceOrgPaths", Trait.MANY),
        AWS_SOURCE_IDENTITY("aws:SourceIdentity"),
        AWS_SOURCE_VPC("aws:SourceVpc", Trait.NARROWING),
        AWS_SOURCE_VPC_ARN("aws:SourceVpcArn"),
        AWS_SOURCE_ENDPOINT("aws:SourceVpce", Trait.NARROWING),
        AWS_NETWORK_IP("aws:VpcSourceIp"),
        AWS_ENDPOINT_ACCOUNT("aws:VpceAccount"),
        AWS_ENDPOINT_ORGANISATION("aws:VpceOrgID"),
        AWS_ENDPOINT_PATHS("aws:VpceOrgPaths", Trait.MANY),
        AWS_CALLED_VIA("aws:CalledVia", Trait.MANY),
        AWS_CALLED_VIA_FIRST("aws:CalledViaFirst"),
        AWS_CALLED_VIA_LAST("aws:CalledViaLast"),
        AWS_TOKEN_ISSUED("aws:TokenIssueTime"),
        AWS_MFA_AGE("aws:MultiFactorAuthAge"),
        AWS_MFA_PRESENT("aws:MultiFactorAuthPresent"),
        AWS_FEDERATED("aws:FederatedProvider"),
        AWS_REQUEST_TAG("aws:RequestTag", Trait.TAG),
        AWS_RESOURCE_TAG("aws:ResourceTag", Trait.TAG),
        AWS_TAG_KEYS("aws:TagKeys", Trait.MANY),
        AWS_RESOURCE_ORGANISATION("aws:ResourceOrgID"),
        AWS_RESOURCE_PATHS("aws:ResourceOrgPaths", Trait.MANY),
        AWS_INSTANCE_VPC("aws:Ec2InstanceSourceVpc"),
        AWS_INSTANCE_IP("aws:Ec2InstanceSourcePrivateIPv4"),
        AWS_ASSUMED_ROOT("aws:AssumedRoot");

        private static final Map<String, Name> BY_TEXT = new HashMap<>();

        static {
            for (Name name : values()) {
                BY_TEXT.put(name.text.toLowerCase(Locale.ROOT), name);
            }
        }

        private final String text;
        private final Trait trait;

        Name(String text) {
            this(text, Trait.PLAIN);
        }

        Name(String text, Trait trait) {
            this.text = text;
            this.trait = trait;
        }

        /** As Amazon writes it. */
        public String text() {
            return text;
        }

        /** Whether the key of a tag follows it. */
        public boolean takesParameter() {
            return trait == Trait.TAG;
        }
    }

    /** Empty when S3 has no such key. */
    static Optional<ConditionKey> parse(String text) {
        int slash = text.indexOf('/');
        Name name = Name.BY_TEXT.get((slash < 0 ? text : text.substring(0, slash)).toLowerCase(Locale.ROOT));
        if (name == null || name.takesParameter() != (slash >= 0)) {
            return Optional.empty();
        }
        String parameter = slash < 0 ? "" : text.substring(slash + 1);
        boolean fits = slash < 0 || !parameter.isEmpty() && parameter.length() <= MAX_PARAMETER;
        return fits ? Optional.of(new ConditionKey(name, parameter)) : Optional.empty();
    }

    /** Whether a request may have several values of it. */
    boolean hasMany() {
        return name.trait == Trait.MANY;
    }

    /** Whether a statement that asks for fixed values of it isn't public. */
    boolean narrows() {
        return name.trait == Trait.NARROWING;
    }
}
