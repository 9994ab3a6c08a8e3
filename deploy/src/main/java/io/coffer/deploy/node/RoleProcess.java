package io.coffer.deploy.node;

/** A process that plays one role in a cluster. */
interface RoleProcess extends AutoCloseable {
    /** What it says behind {@code ready:} when it can serve. */
    String endpoints();

    /** Finishes what is in flight, then stops everything. */
    @Override
    void close();
}
