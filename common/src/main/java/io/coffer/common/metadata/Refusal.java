package io.coffer.common.metadata;

/** Why a command or query was refused, by the rules or before them. A refused command changed nothing. */
public enum Refusal {
    NO_SUCH_ACCOUNT,
    ACCOUNT_EXISTS,
    ACCOUNT_NOT_EMPTY,
    NO_SUCH_ACCESS_KEY,
    ACCESS_KEY_EXISTS,
    NO_SUCH_BUCKET,
    BUCKET_EXISTS,
    BUCKET_OWNED_BY_YOU,
    TOO_MANY_BUCKETS,
    BUCKET_NOT_EMPTY,
    NO_SUCH_KEY,
    NO_SUCH_VERSION,
    NO_SUCH_UPLOAD,
    NO_SUCH_PART,
    PRECONDITION_FAILED,
    SOURCE_CHANGED,
    INVALID_PART,
    INVALID_PART_ORDER,
    ENTITY_TOO_SMALL,
    CHECKSUM_MISMATCH,
    SIZE_MISMATCH,
    TOO_MANY_PARTS,
    ENTITY_TOO_LARGE,
    EXTENT_TOO_OLD,
    /** The caller's partition map is stale: read the bucket again and retry. */
    WRONG_PARTITION,
    /** The request id is older than the window in which repeats are remembered. */
    REQUEST_TOO_OLD,
    STALE_EPOCH,
    NO_SUCH_DISK,
    NO_SUCH_VOLUME,
    NO_SUCH_NODE,
    NODE_IN_USE,
    /** The node was taken out of the cluster: its id never comes back. */
    NODE_REMOVED,
    /** Unknown, used up by another node, expired, for another role, or with another secret: no caller needs to know which. */
    INVALID_TOKEN,
    NO_SUCH_DOCUMENT,
    INVALID_ARGUMENT,
    /** Another setting of the bucket forbids it. */
    INVALID_BUCKET_STATE,
    /** A lock forbids it. */
    OBJECT_LOCKED,
    /** Of an append: the object ends elsewhere. */
    WRONG_OFFSET,
    /** The object is there, and what the append says of itself doesn't fit it. */
    INVALID_APPEND,
    /** The object that another is made of isn't what it should be. */
    SOURCE_CONDITION_FAILED,
    /** A client's token names another request already. */
    TOKEN_REUSED,
    /** Data that comes in was sealed with a version of a key that is being replaced: wrap its data key anew and retry. */
    SEAL_TOO_OLD,
    /** The disk that holds the metadata is nearly full. */
    NO_SPACE
}
