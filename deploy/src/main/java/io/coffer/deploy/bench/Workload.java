package io.coffer.deploy.bench;

/** What the clients do. */
enum Workload {
    PUT,
    GET,
    /** GET and PUT on the same keys. */
    MIXED,
    /** Pages of ListObjectsV2, from the first to the last and again. */
    LIST,
    /** DeleteObject, or DeleteObjects in batches; ends when nothing is left. */
    DELETE;

    /** Whether the objects must be there first. */
    boolean readsObjects() {
        return this == GET || this == MIXED || this == DELETE;
    }
}
