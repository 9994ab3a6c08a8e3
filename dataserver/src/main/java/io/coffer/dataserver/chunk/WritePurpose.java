package io.coffer.dataserver.chunk;

/** Why a record is written. */
enum WritePurpose {
    /** A chunk that isn't there yet. */
    CREATE,
    /** Instead of one that is damaged or missing: a new version. */
    REPAIR,
    /** The same version in another place. */
    MOVE
}
