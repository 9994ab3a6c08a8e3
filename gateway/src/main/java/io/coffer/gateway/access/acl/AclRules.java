package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What grants allow.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions">Mapping of ACL permissions and
 *     access policy permissions</a>
 */
public final class AclRules {
    /** What a grant on the bucket allows. */
    private static final Map<String, Permission> ON_BUCKET = Map.of(
            "s3:ListBucket", Permission.READ,
            "s3:ListBucketVersions", Permission.READ,
            "s3:ListBucketMultipartUploads", Permission.READ,
            "s3:PutObject", Permission.WRITE,
            "s3:GetBucketAcl", Permission.READ_ACP,
            "s3:PutBucketAcl", Permission.WRITE_ACP);

    /** What a grant on the object allows. */
    private static final Map<String, Permission> ON_OBJECT = Map.of(
            "s3:GetObject", Permission.READ,
            "s3:GetObjectVersion", Permission.READ,
            "s3:GetObjectAcl", Permission.READ_ACP,
            "s3:GetObjectVersionAcl", Permission.READ_ACP,
            "s3:PutObjectAcl", Permission.WRITE_ACP,
            "s3:PutObjectVersionAcl", Permission.WRITE_ACP);

    private AclRules() {}

    /** The permission on the bucket that allows an action; null when none does. */
    public static @Nullable Permission onBucket(String action) {
        return ON_BUCKET.get(action);
    }

    /** The permission on the object that allows an action; null when none does. */
    public static @Nullable Permission onObject(String action) {
        return ON_OBJECT.get(action);
    }

    /**
     * Whether somebody has a permission.
     *
     * @param canonicalId of who asks; null for who is anonymous
     * @param publicToo whether grants to everybody and to every account count
     */
    public static boolean grants(
            AccessControlList acl, @Nullable String canonicalId, Permission permission, boolean publicToo) {
        for (Grant grant : acl.grants()) {
            if (grant.permission().includes(permission) && isFor(grant.grantee(), canonicalId, publicToo)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFor(Grantee grantee, @Nullable String canonicalId, boolean publicToo) {
        return switch (grantee) {
            case Grantee.User(String id) -> id.equals(canonicalId);
            case Grantee.AllUsers() -> publicToo;
            case Grantee.AuthenticatedUsers() -> publicToo && canonicalId != null;
            case Grantee.LogDelivery() -> false;
        };
    }

    /** Whether it grants anything to people whom nobody has chosen. */
    public static boolean isPublic(AccessControlList acl) {
        return acl.grants().stream()
                .anyMatch(grant -> grant.grantee() instanceof Grantee.AllUsers
                        || grant.grantee() instanceof Grantee.AuthenticatedUsers);
    }

    /** Whether the owner has everything and nobody else anything, or, besides, only the bucket's owner everything. */
    public static boolean isOwnersOnly(AccessControlList acl, String owner, String bucketOwner) {
        Grant everything = new Grant(new Grantee.User(owner), Permission.FULL_CONTROL);
        Grant bucketOwners = new Grant(new Grantee.User(bucketOwner), Permission.FULL_CONTROL);
        return acl.grants().stream().allMatch(grant -> grant.equals(everything) || grant.equals(bucketOwners))
                && acl.grants().contains(bucketOwners);
    }
}
