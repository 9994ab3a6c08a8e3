package io.coffer.common.metadata.remote;

import io.grpc.ManagedChannelBuilder;

/** Makes channels to metaservers, encrypted and authenticated as the cluster asks. Thread-safe. */
@FunctionalInterface
public interface Connector {
    /**
     * A channel to be built.
     *
     * @param address {@code host:port}
     */
    ManagedChannelBuilder<?> to(String address);
}
