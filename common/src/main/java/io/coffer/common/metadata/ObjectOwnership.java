package io.coffer.common.metadata;

/** Whom an object belongs to that another account writes, and whether access control lists count. */
public enum ObjectOwnership {
    /** The bucket's owner; access control lists don't count. */
    BUCKET_OWNER_ENFORCED,
    /** The bucket's owner, if the writer says so. */
    BUCKET_OWNER_PREFERRED,
    /** The writer. */
    OBJECT_WRITER
}
