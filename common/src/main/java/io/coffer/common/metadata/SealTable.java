package io.coffer.common.metadata;

/** Tables of a bucket group that hold seals; and that of uploads in progress, which know how their parts are sealed. */
public enum SealTable {
    OBJECTS,
    VERSIONS,
    UPLOADS,
    PARTS,
    PIECES
}
