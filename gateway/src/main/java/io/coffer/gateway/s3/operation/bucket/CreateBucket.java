package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.object.BucketLifecycle;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.BucketNames;
import io.coffer.gateway.s3.header.UnofferedHeaders;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import io.coffer.gateway.s3.xml.CreateBucketConfiguration;
import io.coffer.gateway.s3.xml.OwnershipControls;
import io.coffer.gateway.s3.xml.Tagging;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Creates a bucket in the region that the client names; any region is accepted, {@code us-east-1} too. There, in S3's oldest region, owners
 * can create a bucket again, which sets its access control list back; elsewhere they are told that it is theirs already.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">S3: CreateBucket, BucketAlreadyOwnedByYou</a>
 */
public final class CreateBucket implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "CreateBucket", Route.of("PUT", Route.Kind.BUCKET), Set.of("s3:CreateBucket"), BodyPolicy.DOCUMENT);

    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}");
    private static final String DEFAULT_REGION = "us-east-1";

    private static final String LOCK = "x-amz-bucket-object-lock-enabled";
    private static final BucketSettings LOCKED =
            BucketSettings.of(Versioning.ENABLED).with(new BucketSetting.Locks(new ObjectLock(true, null)));

    private static final String OWNERSHIP = "x-amz-object-ownership";

    private final Buckets existing;
    private final BucketLifecycle buckets;
    private final BucketChanges changes;
    private final AccessLists lists;

    public CreateBucket(Buckets existing, BucketLifecycle buckets, BucketChanges changes, AccessLists lists) {
        this.existing = existing;
        this.buckets = buckets;
        this.changes = changes;
        this.lists = lists;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        if (!(request.identity() instanceof Identity.Signed owner)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        String name = request.bucket();
        BucketNames.check(name);
        UnofferedHeaders.refuse(request.headers());
        CreateBucketConfiguration asked = CreateBucketConfiguration.parse(Documents.read(request));
        String constraint = asked.locationConstraint();
        if (constraint != null
                && !constraint.isEmpty()
                && !REGION.matcher(constraint).matches()) {
            throw new S3Exception(S3Error.INVALID_LOCATION_CONSTRAINT).with("LocationConstraint", constraint);
        }
        String region = constraint == null || constraint.isEmpty() ? DEFAULT_REGION : constraint;
        BucketSettings settings = locked(request.headers()) ? LOCKED : BucketSettings.UNSET;
        ObjectOwnership ownership = ownership(request);
        AccessControlPolicy list = lists.ofNewBucket(request, owner, ownership);
        try {
            Bucket bucket = buckets.create(
                    name, owner.accountId(), region, settings.with(new BucketSetting.OwnershipControls(ownership)));
            if (list != null) {
                // Until then only the owner has anything, and so it stays if this fails.
                changes.put(bucket, DocumentKind.ACL, list.toXml());
            }
            if (!asked.tags().tags().isEmpty()) {
                changes.put(bucket, DocumentKind.TAGGING, new Tagging(asked.tags()).toXml());
            }
        } catch (S3Exception e) {
            boolean owned = e.error() == S3Error.BUCKET_ALREADY_OWNED_BY_YOU;
            boolean plain = region.equals(DEFAULT_REGION) && asked.tags().tags().isEmpty();
            if (!owned || !plain || !recreate(request, list)) {
                throw owned || e.error() == S3Error.BUCKET_ALREADY_EXISTS ? e.with("BucketName", name) : e;
            }
        }
        return S3Response.empty(200, Headers.of("Location", "/" + name, "x-amz-bucket-arn", "arn:aws:s3:::" + name));
    }

    /** Whether the bucket that is there is as the request would have it; then only its access control list changes. */
    private boolean recreate(S3Request request, @Nullable AccessControlPolicy list) throws S3Exception {
        Bucket bucket = existing.of(request);
        BucketSettings settings = bucket.settings();
        boolean same = bucket.region().equals(DEFAULT_REGION)
                && (!locked(request.headers()) || settings.partition().lock().enabled())
                && (!request.headers().contains(OWNERSHIP) || ownership(request) == settings.ownership())
                && (list == null || settings.ownership() != ObjectOwnership.BUCKET_OWNER_ENFORCED);
        if (same && list != null) {
            changes.put(bucket, DocumentKind.ACL, list.toXml());
        } else if (same && settings.documents().containsKey(DocumentKind.ACL)) {
            changes.remove(bucket, DocumentKind.ACL);
        }
        return same;
    }

    private static boolean locked(Headers headers) throws S3Exception {
        String asked = headers.first(LOCK);
        if (asked == null || asked.equalsIgnoreCase("false")) {
            return false;
        }
        if (!asked.equalsIgnoreCase("true")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT)
                    .with("ArgumentName", LOCK)
                    .with("ArgumentValue", asked);
        }
        return true;
    }

    private ObjectOwnership ownership(S3Request request) throws S3Exception {
        String asked = request.headers().first(OWNERSHIP);
        if (asked == null) {
            return ObjectOwnership.BUCKET_OWNER_ENFORCED;
        }
        ObjectOwnership ownership = OwnershipControls.ownership(asked)
                .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_ARGUMENT, "Invalid x-amz-object-ownership header: " + asked)
                        .with("ArgumentName", OWNERSHIP));
        if (ownership != ObjectOwnership.BUCKET_OWNER_ENFORCED && lists.mode() == AclMode.DISABLED) {
            throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
        }
        return ownership;
    }
}
