package io.coffer.gateway.access.acl;

/** What access control lists a cluster knows. */
public enum AclMode {
    /** As Amazon's: of buckets and of objects, where the bucket's ownership controls let them count. */
    FULL,
    /** Of buckets; an object has that of its bucket. */
    BUCKET_ONLY,
    /** None: every bucket is as if its owner owned all that is in it. */
    DISABLED
}
