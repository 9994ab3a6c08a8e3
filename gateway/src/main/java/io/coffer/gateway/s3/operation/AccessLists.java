package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.access.acl.AclRequest;
import io.coffer.gateway.access.acl.AclResolver;
import io.coffer.gateway.access.acl.AclRules;
import io.coffer.gateway.access.acl.CannedAcl;
import io.coffer.gateway.access.acl.GranteeName;
import io.coffer.gateway.access.acl.NamedGrant;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The access control lists that requests want, and those that there are. Thread-safe. */
public final class AccessLists {
    /** What an object of the bucket's owner is like anyway. */
    private static final Set<CannedAcl> OWNERS =
            Set.of(CannedAcl.PRIVATE, CannedAcl.BUCKET_OWNER_FULL_CONTROL, CannedAcl.BUCKET_OWNER_READ);

    private final MetadataService metadata;
    private final BucketDocuments documents;
    private final PublicBlocks blocks;
    private final AclMode mode;
    private final AclResolver resolver;

    public AccessLists(
            MetadataService metadata,
            BucketDocuments documents,
            KnownAccounts accounts,
            PublicBlocks blocks,
            AclMode mode) {
        this.metadata = metadata;
        this.documents = documents;
        this.blocks = blocks;
        this.mode = mode;
        this.resolver = new AclResolver(accounts);
    }

    /**
     * Whose a new object is, and who may do what with it.
     *
     * @param acl null where only its owner has anything
     */
    public record Written(AccountId owner, @Nullable AccessControlList acl) {
        /** What is said of the object, with its list. */
        public ObjectAttributes onto(ObjectAttributes plain) {
            return acl == null ? plain : plain.withAcl(acl);
        }
    }

    public AclMode mode() {
        return mode;
    }

    /** Whether grants count in the bucket. */
    public boolean count(Bucket bucket) {
        return mode != AclMode.DISABLED && bucket.settings().ownership() != ObjectOwnership.BUCKET_OWNER_ENFORCED;
    }

    /** What the headers of a write make of its object. AccessControlListNotSupported where there are no lists. */
    public Written ofWrite(S3Request request, Bucket bucket) throws S3Exception {
        AclRequest asked = AclRequest.of(request.headers());
        if (!count(bucket)) {
            if (!isOwners(asked, bucket, request)) {
                throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
            }
            return new Written(bucket.owner(), null);
        }
        AccountId owner = ownerOfNew(request, bucket, asked);
        if (asked instanceof AclRequest.Nothing) {
            return new Written(owner, null);
        }
        Owners owners = new Owners(metadata, request.identity(), Set.copyOf(List.of(owner, bucket.owner())));
        String canonicalId = owners.canonicalId(owner);
        AccessControlList acl = resolver.resolve(asked, canonicalId, owners.canonicalId(bucket.owner()));
        requireStorable(bucket, acl);
        if (!isOwners(asked, bucket, request)) {
            requireForObject(bucket, acl, request);
        }
        return new Written(owner, kept(acl, canonicalId));
    }

    /** What is kept of a list of an object: nothing where it says only what holds anyway. */
    private @Nullable AccessControlList kept(AccessControlList acl, String owner) {
        boolean usual = mode == AclMode.BUCKET_ONLY
                || acl.equals(AccessControlPolicy.ofOwner(owner).acl());
        return usual ? null : acl;
    }

    /** Whether it leaves everything to the owner of the bucket. */
    private boolean isOwners(AclRequest asked, Bucket bucket, S3Request request) throws S3Exception {
        return switch (asked) {
            case AclRequest.Nothing() -> true;
            case AclRequest.Canned(CannedAcl acl) ->
                count(bucket) ? OWNERS.contains(acl) : isTakenWithoutLists(acl, bucket, request);
            case AclRequest.Grants(List<NamedGrant> grants) -> {
                NamedGrant everything = new NamedGrant(
                        new GranteeName.CanonicalId(canonicalOwner(bucket, request)), Permission.FULL_CONTROL);
                yield grants.stream().allMatch(everything::equals);
            }
        };
    }

    /**
     * Amazon takes only the one that gives the owner of the bucket everything. From that owner {@code private} asks for just this, and rclone
     * before version 1.61, as Debian and Ubuntu have it, sends it with every write; anybody else would be promised what isn't so.
     */
    private static boolean isTakenWithoutLists(CannedAcl acl, Bucket bucket, S3Request request) {
        return acl == CannedAcl.BUCKET_OWNER_FULL_CONTROL
                || acl == CannedAcl.PRIVATE
                        && request.identity() instanceof Identity.Signed writer
                        && writer.accountId().equals(bucket.owner());
    }

    /** The writer, unless it leaves its object to the bucket's owner; what nobody wrote belongs to the bucket's owner. */
    private static AccountId ownerOfNew(S3Request request, Bucket bucket, AclRequest asked) {
        if (!(request.identity() instanceof Identity.Signed writer)) {
            return bucket.owner();
        }
        boolean leaves = bucket.settings().ownership() == ObjectOwnership.BUCKET_OWNER_PREFERRED
                && asked.equals(new AclRequest.Canned(CannedAcl.BUCKET_OWNER_FULL_CONTROL));
        return leaves ? bucket.owner() : writer.accountId();
    }

    /** The list that a request to replace one has, in its headers or its body. */
    public AccessControlList ofReplacement(S3Request request, Bucket bucket, AccountId owner)
            throws S3Exception, IOException {
        if (!count(bucket)) {
            throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
        }
        Owners owners = new Owners(metadata, request.identity(), Set.copyOf(List.of(owner, bucket.owner())));
        String canonicalId = owners.canonicalId(owner);
        AccessControlList acl =
                resolver.resolve(replacement(request, canonicalId), canonicalId, owners.canonicalId(bucket.owner()));
        requireStorable(bucket, acl);
        return acl;
    }

    private static AclRequest replacement(S3Request request, String owner) throws S3Exception, IOException {
        AclRequest asked = AclRequest.of(request.headers());
        ByteBuffer document = Documents.read(request);
        if (asked instanceof AclRequest.Nothing) {
            if (!document.hasRemaining()) {
                throw new S3Exception(S3Error.MISSING_SECURITY_HEADER).with("MissingHeaderName", AclRequest.ACL);
            }
            AccessControlPolicy.Asked list = AccessControlPolicy.parse(document);
            if (!list.owner().equals(owner)) {
                // Nobody becomes an owner by saying so.
                throw new S3Exception(S3Error.ACCESS_DENIED);
            }
            return list.grants();
        }
        if (document.hasRemaining()) {
            throw new S3Exception(S3Error.UNEXPECTED_CONTENT);
        }
        return asked;
    }

    /** The list of a bucket that is about to be made; null where only its owner has anything. */
    public @Nullable AccessControlPolicy ofNewBucket(
            S3Request request, Identity.Signed owner, @Nullable ObjectOwnership ownership) throws S3Exception {
        AclRequest asked = AclRequest.of(request.headers());
        if (asked instanceof AclRequest.Nothing) {
            return null;
        }
        String canonicalId = owner.account().canonicalId();
        AccessControlList acl = resolver.resolve(asked, canonicalId, canonicalId);
        if (acl.equals(AccessControlPolicy.ofOwner(canonicalId).acl())) {
            return null;
        }
        if (mode == AclMode.DISABLED || ownership == ObjectOwnership.BUCKET_OWNER_ENFORCED) {
            throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OWNERSHIP);
        }
        if (AclRules.isPublic(acl) && blocks.of(owner.accountId(), null).blockPublicAcls()) {
            throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_BLOCK);
        }
        return new AccessControlPolicy(canonicalId, acl);
    }

    /** The list of a bucket: what is granted now, whatever there was before. */
    public AccessControlPolicy of(Bucket bucket, S3Request request) throws S3Exception {
        AccessControlPolicy found = count(bucket)
                ? documents.find(bucket, DocumentKind.ACL, AccessControlPolicy.class, AccessControlPolicy::parseStored)
                : null;
        return found == null ? AccessControlPolicy.ofOwner(canonicalOwner(bucket, request)) : found;
    }

    /** The list of an object, which may be its bucket's; where grants don't count, all that is in a bucket is its owner's. */
    public AccessControlPolicy of(Bucket bucket, AccountId owner, @Nullable AccessControlList acl, S3Request request)
            throws S3Exception {
        if (mode == AclMode.BUCKET_ONLY) {
            return of(bucket, request);
        }
        if (!count(bucket)) {
            return AccessControlPolicy.ofOwner(canonicalOwner(bucket, request));
        }
        String canonicalId = new Owners(metadata, request.identity(), Set.of(owner)).canonicalId(owner);
        return acl == null ? AccessControlPolicy.ofOwner(canonicalId) : new AccessControlPolicy(canonicalId, acl);
    }

    /** Whether an object may get this list: any, or where only buckets have lists, that of its bucket. */
    public void requireForObject(Bucket bucket, AccessControlList acl, S3Request request) throws S3Exception {
        if (mode == AclMode.BUCKET_ONLY) {
            List<Grant> ofBucket = of(bucket, request).acl().grants();
            if (!new HashSet<>(ofBucket).equals(new HashSet<>(acl.grants()))) {
                throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
            }
        }
    }

    private void requireStorable(Bucket bucket, AccessControlList acl) throws S3Exception {
        if (AclRules.isPublic(acl)) {
            PublicAccessBlock block =
                    blocks.of(bucket.owner(), bucket.settings().publicAccessBlock());
            if (block.blockPublicAcls()) {
                throw new S3Exception(S3Error.ACCESS_DENIED);
            }
        }
    }

    /** Who owns a bucket, as lists write it. */
    public String canonicalOwner(Bucket bucket, S3Request request) throws S3Exception {
        return new Owners(metadata, request.identity(), Set.of(bucket.owner())).canonicalId(bucket.owner());
    }
}
