package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Access control lists that have a name. In each the owner has everything.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl">Canned ACLs</a>
 */
public enum CannedAcl {
    PRIVATE("private"),
    PUBLIC_READ("public-read"),
    PUBLIC_READ_WRITE("public-read-write"),
    AUTHENTICATED_READ("authenticated-read"),
    BUCKET_OWNER_READ("bucket-owner-read"),
    BUCKET_OWNER_FULL_CONTROL("bucket-owner-full-control"),
    AWS_EXEC_READ("aws-exec-read"),
    LOG_DELIVERY_WRITE("log-delivery-write");

    /** Amazon's own account that fetches machine images; it is nobody here, and a list that names it still reads as Amazon's. */
    private static final String IMAGE_READER = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

    private final String text;

    CannedAcl(String text) {
        this.text = text;
    }

    static Optional<CannedAcl> parse(String text) {
        for (CannedAcl acl : values()) {
            if (acl.text.equals(text)) {
                return Optional.of(acl);
            }
        }
        return Optional.empty();
    }

    /** As headers have it. */
    public String text() {
        return text;
    }

    /**
     * The grants it stands for.
     *
     * @param owner canonical id of who owns the bucket or object
     * @param bucketOwner canonical id of who owns the bucket that the object is in
     */
    AccessControlList grants(String owner, String bucketOwner) {
        List<Grant> grants = new ArrayList<>(3);
        grants.add(new Grant(new Grantee.User(owner), Permission.FULL_CONTROL));
        switch (this) {
            case PRIVATE -> {}
            case PUBLIC_READ -> grants.add(new Grant(new Grantee.AllUsers(), Permission.READ));
            case PUBLIC_READ_WRITE -> {
                grants.add(new Grant(new Grantee.AllUsers(), Permission.READ));
                grants.add(new Grant(new Grantee.AllUsers(), Permission.WRITE));
            }
            case AUTHENTICATED_READ -> grants.add(new Grant(new Grantee.AuthenticatedUsers(), Permission.READ));
            case BUCKET_OWNER_READ -> addFor(bucketOwner, owner, Permission.READ, grants);
            case BUCKET_OWNER_FULL_CONTROL -> addFor(bucketOwner, owner, Permission.FULL_CONTROL, grants);
            case AWS_EXEC_READ -> grants.add(new Grant(new Grantee.User(IMAGE_READER), Permission.READ));
            case LOG_DELIVERY_WRITE -> {
                grants.add(new Grant(new Grantee.LogDelivery(), Permission.WRITE));
                grants.add(new Grant(new Grantee.LogDelivery(), Permission.READ_ACP));
            }
        }
        return new AccessControlList(grants);
    }

    private static void addFor(String bucketOwner, String owner, Permission permission, List<Grant> grants) {
        if (!bucketOwner.equals(owner)) {
            grants.add(new Grant(new Grantee.User(bucketOwner), permission));
        }
    }
}
