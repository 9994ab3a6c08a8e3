package io.coffer.gateway.auth;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.access.acl.AclRules;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.access.policy.BucketPolicy.Decision;
import io.coffer.gateway.access.policy.Principal;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one decision whether a request may do what it asks; what no rule allows is denied. In this order: the owner of a bucket can
 * always read, replace and remove its policy; what the policy denies is denied; a public-access block that restricts a bucket with a
 * public policy denies everybody but the owner; the owner may do everything, and what the policy allows is allowed, but for reading
 * and granting what others own in the bucket; whoever began an upload may list its parts and abort it; what grants of the bucket or object
 * allow is allowed, where they count. Every signed
 * account may list its buckets and create one; anonymous requests may not, whatever policies say. Thread-safe.
 */
public final class Authorizer {
    private static final Set<String> SERVICE_ACTIONS = Set.of("s3:ListAllMyBuckets", "s3:CreateBucket");

    /** What a policy can't take from the owner: else nobody could ever mend it. */
    private static final Set<String> OWNERS_WAY_BACK =
            Set.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

    /** Who may write into a bucket may delete its own objects there. */
    private static final String DELETE = "s3:DeleteObject";

    private static final String PUT = "s3:PutObject";
    private static final String PUT_ACL = "s3:PutObjectAcl";

    /** What whoever began an upload may do with it. */
    private static final Set<String> INITIATORS = Set.of("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts");

    private static final Set<String> LIST = Set.of("s3:ListBucket");

    private final ResourceFacts resources;
    private final PublicAccess publicAccess;
    private final AclMode mode;

    public Authorizer(ResourceFacts resources, AclMode mode) {
        this.resources = resources;
        this.publicAccess = new PublicAccess(resources);
        this.mode = mode;
    }

    /** AccessDenied unless the request is allowed. */
    public Permit require(AccessRequest request) throws S3Exception {
        Permit permit = ask(request);
        if (permit == null) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return permit;
    }

    /**
     * Null when it isn't allowed.
     *
     * @throws S3Exception when what decides can't be told now
     */
    public @Nullable Permit ask(AccessRequest request) throws S3Exception {
        if (request.actions().isEmpty()) {
            return null;
        }
        Bucket bucket = request.bucket();
        if (bucket == null) {
            boolean allowed =
                    request.identity() instanceof Identity.Signed && SERVICE_ACTIONS.containsAll(request.actions());
            return allowed ? Permit.ANY : null;
        }
        boolean owner = isOwner(request, bucket);
        if (owner && OWNERS_WAY_BACK.containsAll(request.actions())) {
            return Permit.ANY;
        }
        BucketPolicy policy = resources.policy(bucket);
        if (owner && policy == null && !hasObjectsOfOthers(bucket)) {
            return Permit.ANY;
        }
        RequestFacts facts = new RequestFacts(request, bucket, resources);
        Case one = new Case(request, bucket, owner, policy, facts);
        for (String action : RequiredActions.of(request)) {
            facts.deciding(action);
            if (!allows(one, action)) {
                return null;
            }
        }
        return facts.permit();
    }

    /** AccessDenied when no part of the request can be allowed, whatever it will turn out to act on. */
    public Permit requirePossible(AccessRequest request) throws S3Exception {
        Bucket bucket = request.bucket();
        boolean possible = bucket != null
                && (isOwner(request, bucket)
                        || resources.policy(bucket) != null
                        || counts(bucket) && resources.acl(bucket) != null);
        if (!possible) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return Permit.ANY;
    }

    private static boolean isOwner(AccessRequest request, Bucket bucket) {
        return request.identity() instanceof Identity.Signed signed
                && signed.accountId().equals(bucket.owner());
    }

    /** Whether who asks for what isn't there may be told so: only who may list the bucket. */
    public boolean mayKnowWhatIsMissing(AccessRequest request) throws S3Exception {
        Bucket bucket = request.bucket();
        return bucket == null || ask(request.withActions(LIST, new Target.BucketTarget(bucket.name()))) != null;
    }

    /** A request, and what is known of it. */
    private record Case(
            AccessRequest request,
            Bucket bucket,
            boolean owner,
            @Nullable BucketPolicy policy,
            RequestFacts facts) {
        Principal who() {
            if (request.identity() instanceof Identity.Signed signed) {
                Account account = signed.account();
                return new Principal(account.id(), account.canonicalId(), account.name());
            }
            return Principal.ANONYMOUS;
        }

        /** Whether an action is to give a list to the object that the request writes, which isn't the one that is there. */
        boolean listsWhatItWrites(String action) {
            return action.equals(PUT_ACL) && request.actions().contains(PUT);
        }

        boolean ownsObject() throws S3Exception {
            ObjectVersion version = facts.version();
            return version != null
                    && request.identity() instanceof Identity.Signed signed
                    && signed.accountId().equals(version.owner());
        }

        boolean began() throws S3Exception {
            return request.identity() instanceof Identity.Signed signed
                    && signed.accountId().equals(facts.initiator());
        }

        @Nullable
        String canonicalId() {
            return request.identity() instanceof Identity.Signed signed
                    ? signed.account().canonicalId()
                    : null;
        }
    }

    private boolean allows(Case one, String action) throws S3Exception {
        BucketPolicy policy = one.policy;
        Decision decision =
                policy == null ? Decision.UNDECIDED : policy.decide(one.who(), action, one.request.key(), one.facts);
        if (decision == Decision.DENIED) {
            return false;
        }
        boolean restricted = !one.owner
                && policy != null
                && policy.isPublic()
                && publicAccess.of(one.bucket).restrictPublicBuckets();
        if (restricted) {
            return false;
        }
        boolean allowed = one.owner || decision == Decision.ALLOWED;
        return allowed && !isOthersAffair(one, action)
                || INITIATORS.contains(action) && one.began()
                || isGranted(one, action);
    }

    /** Whether an object of the bucket may belong to somebody else than the bucket. */
    private boolean hasObjectsOfOthers(Bucket bucket) {
        return mode == AclMode.FULL && counts(bucket);
    }

    /** Whether only the owner of the object says who may do this to it, and the bucket's owner is somebody else. */
    private boolean isOthersAffair(Case one, String action) throws S3Exception {
        boolean aboutObjectThere = AclRules.onObject(action) != null && !one.listsWhatItWrites(action);
        if (!aboutObjectThere || !hasObjectsOfOthers(one.bucket)) {
            return false;
        }
        ObjectVersion version = one.facts.version();
        return version != null && !version.owner().equals(one.bucket.owner());
    }

    private boolean isGranted(Case one, String action) throws S3Exception {
        if (!counts(one.bucket)) {
            return false;
        }
        Permission onBucket = AclRules.onBucket(one.listsWhatItWrites(action) ? PUT : action);
        if (onBucket != null) {
            return isGrantedOn(one, resources.acl(one.bucket), onBucket);
        }
        if (action.equals(DELETE)) {
            return isGrantedOn(one, resources.acl(one.bucket), Permission.WRITE) && one.ownsObject();
        }
        Permission onObject = AclRules.onObject(action);
        if (onObject == null) {
            return false;
        }
        if (mode == AclMode.BUCKET_ONLY) {
            return isGrantedOn(one, resources.acl(one.bucket), onObject);
        }
        ObjectVersion version = one.facts.version();
        if (version == null) {
            // The operation tells so. The permit keeps it from what has come meanwhile, which nobody has decided about.
            return mayKnowWhatIsMissing(one.request);
        }
        boolean ownsObject = one.ownsObject();
        boolean aboutGrants = onObject == Permission.READ_ACP || onObject == Permission.WRITE_ACP;
        AccessControlList acl = version.attributes().acl();
        return ownsObject && (acl == null || aboutGrants) || isGrantedOn(one, acl, onObject);
    }

    /** Whether grants count in the bucket. */
    private boolean counts(Bucket bucket) {
        return mode != AclMode.DISABLED && bucket.settings().ownership() != ObjectOwnership.BUCKET_OWNER_ENFORCED;
    }

    private boolean isGrantedOn(Case one, @Nullable AccessControlList acl, Permission permission) throws S3Exception {
        String canonicalId = one.canonicalId();
        if (acl == null || !AclRules.grants(acl, canonicalId, permission, true)) {
            return false;
        }
        // Only what a public grant allows needs another look.
        return AclRules.grants(acl, canonicalId, permission, false)
                || !publicAccess.of(one.bucket).ignorePublicAcls();
    }
}
