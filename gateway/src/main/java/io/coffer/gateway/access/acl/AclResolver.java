package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.Account;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds out who is meant by the grants that a client asks for. Thread-safe. */
public final class AclResolver {
    public static final String ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
    public static final String AUTHENTICATED_USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
    public static final String LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    private final Accounts accounts;

    public AclResolver(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * The list that is meant. InvalidArgument, UnresolvableGrantByEmailAddress, AmbiguousGrantByEmailAddress.
     *
     * @param owner canonical id of who owns the bucket or object
     * @param bucketOwner canonical id of who owns the bucket
     */
    public AccessControlList resolve(AclRequest request, String owner, String bucketOwner) throws S3Exception {
        return switch (request) {
            case AclRequest.Nothing() -> CannedAcl.PRIVATE.grants(owner, bucketOwner);
            case AclRequest.Canned(CannedAcl acl) -> acl.grants(owner, bucketOwner);
            case AclRequest.Grants(List<NamedGrant> named) -> {
                Set<Grant> grants = new LinkedHashSet<>();
                for (NamedGrant grant : named) {
                    grants.add(new Grant(grantee(grant.grantee(), owner, bucketOwner), grant.permission()));
                }
                yield new AccessControlList(List.copyOf(grants));
            }
        };
    }

    private Grantee grantee(GranteeName name, String owner, String bucketOwner) throws S3Exception {
        return switch (name) {
            case GranteeName.CanonicalId(String id) -> {
                boolean known = id.equals(owner)
                        || id.equals(bucketOwner)
                        || !accounts.withCanonicalId(id).isEmpty();
                if (!known) {
                    throw AclErrors.invalid("Invalid id", "CanonicalUser/ID", id);
                }
                yield new Grantee.User(id);
            }
            case GranteeName.Email(String address) -> new Grantee.User(withEmail(address));
            case GranteeName.Uri(String uri) -> group(uri);
        };
    }

    /** The group with that URI. InvalidArgument. */
    public static Grantee group(String uri) throws S3Exception {
        return switch (uri) {
            case ALL_USERS -> new Grantee.AllUsers();
            case AUTHENTICATED_USERS -> new Grantee.AuthenticatedUsers();
            case LOG_DELIVERY -> new Grantee.LogDelivery();
            default -> throw AclErrors.invalid("Invalid group uri", "Group/URI", uri);
        };
    }

    private String withEmail(String address) throws S3Exception {
        List<Account> found = address.isEmpty() ? List.of() : accounts.withEmail(address);
        if (found.size() == 1) {
            return found.getFirst().canonicalId();
        }
        throw new S3Exception(
                        found.isEmpty()
                                ? S3Error.UNRESOLVABLE_GRANT_BY_EMAIL_ADDRESS
                                : S3Error.AMBIGUOUS_GRANT_BY_EMAIL_ADDRESS)
                .with("EmailAddress", address);
    }
}
