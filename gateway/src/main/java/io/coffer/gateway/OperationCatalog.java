package io.coffer.gateway;

import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.object.BucketLifecycle;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.object.ObjectCopier;
import io.coffer.gateway.object.ObjectReader;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.CopySources;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.KnownAccounts;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.PublicBlocks;
import io.coffer.gateway.s3.operation.bucket.BucketConfigurationDelete;
import io.coffer.gateway.s3.operation.bucket.BucketConfigurationRead;
import io.coffer.gateway.s3.operation.bucket.CreateBucket;
import io.coffer.gateway.s3.operation.bucket.DeleteBucket;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketCors;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketEncryption;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketLifecycle;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketOwnershipControls;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketPolicy;
import io.coffer.gateway.s3.operation.bucket.DeleteBucketTagging;
import io.coffer.gateway.s3.operation.bucket.DeletePublicAccessBlock;
import io.coffer.gateway.s3.operation.bucket.ForceDeleteBucket;
import io.coffer.gateway.s3.operation.bucket.GetBucketAccelerateConfiguration;
import io.coffer.gateway.s3.operation.bucket.GetBucketAcl;
import io.coffer.gateway.s3.operation.bucket.GetBucketCors;
import io.coffer.gateway.s3.operation.bucket.GetBucketEncryption;
import io.coffer.gateway.s3.operation.bucket.GetBucketLifecycleConfiguration;
import io.coffer.gateway.s3.operation.bucket.GetBucketLocation;
import io.coffer.gateway.s3.operation.bucket.GetBucketOwnershipControls;
import io.coffer.gateway.s3.operation.bucket.GetBucketPolicy;
import io.coffer.gateway.s3.operation.bucket.GetBucketPolicyStatus;
import io.coffer.gateway.s3.operation.bucket.GetBucketRequestPayment;
import io.coffer.gateway.s3.operation.bucket.GetBucketTagging;
import io.coffer.gateway.s3.operation.bucket.GetBucketVersioning;
import io.coffer.gateway.s3.operation.bucket.GetObjectLockConfiguration;
import io.coffer.gateway.s3.operation.bucket.GetPublicAccessBlock;
import io.coffer.gateway.s3.operation.bucket.HeadBucket;
import io.coffer.gateway.s3.operation.bucket.ListObjectVersions;
import io.coffer.gateway.s3.operation.bucket.ListObjects;
import io.coffer.gateway.s3.operation.bucket.ListObjectsV2;
import io.coffer.gateway.s3.operation.bucket.PutBucketAccelerateConfiguration;
import io.coffer.gateway.s3.operation.bucket.PutBucketAcl;
import io.coffer.gateway.s3.operation.bucket.PutBucketCors;
import io.coffer.gateway.s3.operation.bucket.PutBucketEncryption;
import io.coffer.gateway.s3.operation.bucket.PutBucketLifecycleConfiguration;
import io.coffer.gateway.s3.operation.bucket.PutBucketOwnershipControls;
import io.coffer.gateway.s3.operation.bucket.PutBucketPolicy;
import io.coffer.gateway.s3.operation.bucket.PutBucketRequestPayment;
import io.coffer.gateway.s3.operation.bucket.PutBucketTagging;
import io.coffer.gateway.s3.operation.bucket.PutBucketVersioning;
import io.coffer.gateway.s3.operation.bucket.PutObjectLockConfiguration;
import io.coffer.gateway.s3.operation.bucket.PutPublicAccessBlock;
import io.coffer.gateway.s3.operation.multipart.AbortMultipartUpload;
import io.coffer.gateway.s3.operation.multipart.CompleteMultipartUpload;
import io.coffer.gateway.s3.operation.multipart.CreateMultipartUpload;
import io.coffer.gateway.s3.operation.multipart.ListMultipartUploads;
import io.coffer.gateway.s3.operation.multipart.ListParts;
import io.coffer.gateway.s3.operation.multipart.UploadPart;
import io.coffer.gateway.s3.operation.multipart.UploadPartCopy;
import io.coffer.gateway.s3.operation.object.AppendObject;
import io.coffer.gateway.s3.operation.object.ComposeObject;
import io.coffer.gateway.s3.operation.object.CopyObject;
import io.coffer.gateway.s3.operation.object.DeleteObject;
import io.coffer.gateway.s3.operation.object.DeleteObjectTagging;
import io.coffer.gateway.s3.operation.object.DeleteObjects;
import io.coffer.gateway.s3.operation.object.GetObject;
import io.coffer.gateway.s3.operation.object.GetObjectAcl;
import io.coffer.gateway.s3.operation.object.GetObjectAttributes;
import io.coffer.gateway.s3.operation.object.GetObjectLegalHold;
import io.coffer.gateway.s3.operation.object.GetObjectRetention;
import io.coffer.gateway.s3.operation.object.GetObjectTagging;
import io.coffer.gateway.s3.operation.object.HeadObject;
import io.coffer.gateway.s3.operation.object.PostObject;
import io.coffer.gateway.s3.operation.object.PutObject;
import io.coffer.gateway.s3.operation.object.PutObjectAcl;
import io.coffer.gateway.s3.operation.object.PutObjectLegalHold;
import io.coffer.gateway.s3.operation.object.PutObjectRetention;
import io.coffer.gateway.s3.operation.object.PutObjectTagging;
import io.coffer.gateway.s3.operation.object.RenameObject;
import io.coffer.gateway.s3.operation.service.ListBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Every operation of Amazon's S3: those that are offered, with how completely, and those that aren't, with the reason. */
public final class OperationCatalog {
    private static final String WRITE_LIMITS =
            "no dual-layer encryption (aws:kms:dsse): a request that asks for it is refused";
    private static final String ENCRYPTION_LIMITS =
            "AES256 where nobody has set it, as at Amazon, only where the cluster was given a root key";
    private static final String APPENDS =
            "`x-amz-write-offset-bytes` appends in every bucket, to 10,000 parts at most, encrypted as what is there, and not"
                    + " with a customer's key";
    private static final String UNSET = "answers what S3 answers where nobody has set it; it can't be set yet";

    private final List<Offered> offered = new ArrayList<>();
    private final List<Extension> extensions = new ArrayList<>();

    /**
     * What the operations work with.
     *
     * @param random a source for the calling thread
     * @param access the decision about what a request acts on beside its target
     * @param blocks what is forbidden of grants to the public
     * @param acls the access control lists that there can be
     */
    public record Parts(
            MetadataService metadata,
            ObjectReader reader,
            ObjectWriter writer,
            BucketLister lister,
            BucketLifecycle lifecycle,
            BucketChanges changes,
            BucketDocuments documents,
            Access access,
            PublicBlocks blocks,
            AclMode acls,
            ObjectEncryption encryption,
            Supplier<RandomGenerator> random) {}

    /** @param limits what of it isn't offered; empty when all of it is */
    public record Offered(Operation operation, String limits) {
        public String name() {
            return operation.spec().name();
        }
    }

    /**
     * An operation that Amazon's S3 doesn't have.
     *
     * @param description whose it is, and what it does
     */
    public record Extension(Operation operation, String description) {}

    /** An operation that is answered with 501. */
    public record Unoffered(String name, String reason) {}

    /** The operations, wired. */
    public OperationCatalog(Parts parts) {
        MetadataService metadata = parts.metadata();
        Buckets buckets = new Buckets(metadata);
        KnownAccounts accounts = new KnownAccounts(metadata);
        AccessLists lists = new AccessLists(metadata, parts.documents(), accounts, parts.blocks(), parts.acls());
        CopySources sources = new CopySources(metadata, buckets, parts.access());
        ObjectEncryption encryption = parts.encryption();
        ObjectCopier copier = new ObjectCopier(metadata, parts.reader(), parts.writer());
        ExpiryHeaders expiry = new ExpiryHeaders(parts.documents());

        offer(new ListBuckets(metadata), "");
        offer(new CreateBucket(buckets, parts.lifecycle(), parts.changes(), lists), "");
        offer(new HeadBucket(buckets), "");
        offer(new DeleteBucket(buckets, parts.lifecycle()), "");
        offer(new GetBucketLocation(buckets), "");
        offer(new GetBucketVersioning(buckets, parts.changes()), "");
        offer(new PutBucketVersioning(buckets, parts.changes()), "no MFA delete");
        offer(new DeleteBucketCors(buckets, parts.changes()), "");
        offer(new DeleteBucketTagging(buckets, parts.changes()), "");
        offer(new GetBucketCors(buckets, parts.documents()), "");
        offer(new GetBucketTagging(buckets, parts.documents()), "");
        offer(new PutBucketCors(buckets, parts.changes()), "");
        offer(new PutBucketTagging(buckets, parts.changes()), "");
        offer(new DeleteBucketEncryption(buckets, parts.changes()), "");
        offer(new GetBucketEncryption(buckets, encryption), ENCRYPTION_LIMITS);
        offer(new PutBucketEncryption(buckets, parts.changes(), encryption), "no dual-layer encryption (aws:kms:dsse)");
        offer(new DeleteBucketLifecycle(buckets, parts.changes()), "");
        offer(new GetBucketLifecycleConfiguration(buckets, parts.documents()), "");
        offer(
                new PutBucketLifecycleConfiguration(buckets, parts.changes(), parts.random()),
                "no transitions: there is one storage class");
        offer(new GetBucketRequestPayment(buckets), "");
        offer(new PutBucketRequestPayment(buckets), "the payer is the bucket's owner: requests aren't billed");
        offer(new GetBucketAccelerateConfiguration(buckets), "");
        offer(
                new PutBucketAccelerateConfiguration(buckets, parts.changes()),
                "can be suspended, not enabled: there are no edge locations");
        offerAccess(parts, buckets, accounts, lists);
        offer(new ListObjects(metadata, buckets, parts.lister()), "");
        offer(new ListObjectsV2(metadata, buckets, parts.lister()), "");
        offer(new ListObjectVersions(metadata, buckets, parts.lister()), "");

        PutObject put = new PutObject(metadata, buckets, lists, parts.writer(), encryption, expiry);
        offer(new PostObject(put), WRITE_LIMITS);
        offer(
                put,
                WRITE_LIMITS + "; storage classes are labels, and those that need a restore are refused; " + APPENDS);
        offer(new GetObject(metadata, buckets, parts.access(), parts.reader(), encryption, expiry), "");
        offer(new HeadObject(metadata, buckets, parts.access(), encryption, expiry), "");
        offer(new GetObjectAttributes(metadata, buckets, encryption), "");
        offer(
                new CopyObject(metadata, buckets, lists, sources, copier, encryption, expiry),
                WRITE_LIMITS + "; the copy of a multipart object keeps its ETag unless a checksum has to be made");
        offer(new DeleteObject(metadata, buckets), "no MFA delete");
        offer(new DeleteObjects(metadata, buckets, parts.access()), "no MFA delete");

        offer(new GetObjectLockConfiguration(buckets, parts.changes()), "");
        offer(new PutObjectLockConfiguration(buckets, parts.changes()), "");
        offer(new GetObjectRetention(metadata, buckets), "");
        offer(new PutObjectRetention(metadata, buckets, parts.access()), "");
        offer(new GetObjectLegalHold(metadata, buckets), "");
        offer(new PutObjectLegalHold(metadata, buckets, parts.access()), "");

        offer(new DeleteObjectTagging(metadata, buckets), "");
        offer(new GetObjectTagging(metadata, buckets), "");
        offer(new PutObjectTagging(metadata, buckets, parts.access()), "");

        offer(
                new CreateMultipartUpload(metadata, buckets, lists, encryption, parts.random(), expiry),
                WRITE_LIMITS
                        + "; an object whose upload names no algorithm gets CRC64NVME, unless a part came with another checksum or is a copied range");
        offer(new UploadPart(metadata, buckets, parts.writer(), encryption), "");
        offer(
                new UploadPartCopy(metadata, buckets, sources, copier, encryption),
                "a part made of a range has an ETag that is the MD5 of no bytes, unless a checksum has to be made");
        offer(new CompleteMultipartUpload(metadata, buckets, encryption, expiry), "");
        offer(new AbortMultipartUpload(metadata, buckets), "");
        offer(new ListParts(metadata, buckets, expiry), "");
        offer(new ListMultipartUploads(metadata, buckets, parts.lister()), "");

        offer(new RenameObject(metadata, buckets, parts.access()), "in every bucket; both keys in one partition");
        extend(
                new AppendObject(metadata, buckets, lists, parts.writer(), encryption, expiry),
                "Kontenum, Wasabi: puts the body behind the object, or makes one; an append that is repeated appends again,"
                        + " unless `x-amz-write-offset-bytes` or `If-Match` says where");

        extend(
                new ComposeObject(metadata, buckets, lists, parts.access(), encryption, expiry),
                "Kontenum, Wasabi: makes an object of up to 1,000 others of the bucket, which the body names in order:"
                        + " `<ComposeRequest><Component><Name>key</Name></Component>…</ComposeRequest>`, each with an"
                        + " `<ETag>` that it must have or a `<VersionId>` if you like; encrypted as all of them are, and not with a"
                        + " customer's key");
        extend(
                new ForceDeleteBucket(buckets, parts.lifecycle()),
                "Kontenum, Wasabi: deletes a bucket with all that is in it but what is locked. 204 when it is gone, 202 when"
                        + " that goes on in the background; needs `s3:ForceDeleteBucket` as well");

        BucketConfigurationDelete.all(buckets)
                .forEach(operation -> offer(operation, "answers what S3 answers where nobody has set it"));
        BucketConfigurationRead.all(buckets).forEach(operation -> offer(operation, UNSET));
    }

    private void offerAccess(Parts parts, Buckets buckets, KnownAccounts accounts, AccessLists lists) {
        BucketChanges changes = parts.changes();
        offer(new DeleteBucketOwnershipControls(buckets, changes), "");
        offer(new GetBucketOwnershipControls(buckets), "");
        offer(new PutBucketOwnershipControls(buckets, changes, lists), "");
        offer(new DeleteBucketPolicy(buckets, changes), "");
        offer(new GetBucketPolicy(buckets, parts.documents()), "");
        offer(new GetBucketPolicyStatus(buckets, parts.documents()), "");
        offer(new PutBucketPolicy(buckets, changes, accounts, parts.blocks()), "");
        offer(new DeletePublicAccessBlock(buckets, changes), "");
        offer(new GetPublicAccessBlock(buckets), "");
        offer(new PutPublicAccessBlock(buckets, changes), "");
        offer(new GetBucketAcl(buckets, lists), "");
        offer(new PutBucketAcl(buckets, changes, lists), "");
        offer(new GetObjectAcl(parts.metadata(), buckets, lists), "");
        offer(new PutObjectAcl(parts.metadata(), buckets, lists), "");
    }

    private void extend(Operation operation, String description) {
        extensions.add(new Extension(operation, description));
    }

    private void offer(Operation operation, String limits) {
        offered.add(new Offered(operation, limits));
    }

    public List<Operation> operations() {
        return Stream.concat(
                        offered.stream().map(Offered::operation),
                        extensions.stream().map(Extension::operation))
                .toList();
    }

    public List<Extension> extensions() {
        return List.copyOf(extensions);
    }

    public List<Offered> offered() {
        return List.copyOf(offered);
    }

    /** What S3 has and this server hasn't. */
    public static List<Unoffered> unoffered() {
        List<Unoffered> all = new ArrayList<>();
        refuse(
                all,
                "configurations of buckets can't be changed yet",
                "PutBucketAbac",
                "PutBucketAnalyticsConfiguration",
                "PutBucketIntelligentTieringConfiguration",
                "PutBucketInventoryConfiguration",
                "PutBucketLogging",
                "PutBucketMetricsConfiguration",
                "PutBucketNotificationConfiguration",
                "PutBucketReplication",
                "PutBucketWebsite");
        refuse(all, "objects are encrypted as they were written", "UpdateObjectEncryption");
        refuse(
                all,
                "object annotations aren't kept",
                "DeleteObjectAnnotation",
                "GetObjectAnnotation",
                "ListObjectAnnotations",
                "PutObjectAnnotation");
        refuse(
                all,
                "metadata tables belong to Amazon's table buckets",
                "CreateBucketMetadataConfiguration",
                "CreateBucketMetadataTableConfiguration",
                "DeleteBucketMetadataConfiguration",
                "DeleteBucketMetadataTableConfiguration",
                "UpdateBucketMetadataAnnotationTableConfiguration",
                "UpdateBucketMetadataInventoryTableConfiguration",
                "UpdateBucketMetadataJournalTableConfiguration");
        refuse(all, "directory buckets are Amazon's S3 Express One Zone", "CreateSession", "ListDirectoryBuckets");
        refuse(all, "every object can be read at once", "RestoreObject");
        refuse(all, "Amazon has closed it to new users", "SelectObjectContent");
        refuse(all, "Amazon has retired it", "GetObjectTorrent");
        refuse(all, "Object Lambda is a service of its own", "WriteGetObjectResponse");
        return List.copyOf(all);
    }

    private static void refuse(List<Unoffered> all, String reason, String... names) {
        for (String name : names) {
            all.add(new Unoffered(name, reason));
        }
    }
}
