package io.coffer.common.rpc;

import io.coffer.common.config.HostPort;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.time.Duration;

/**
 * A gRPC channel for one call.
 *
 * @param channel open until this is closed
 */
record ShortChannel(ManagedChannel channel) implements AutoCloseable {
    /** How long one call may take, the connection included: far above a change of leader. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    /** Bytes of an answer: certificates have a kilobyte each. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;

    static ShortChannel open(HostPort server, ChannelCredentials credentials) {
        return new ShortChannel(Grpc.newChannelBuilderForAddress(server.host(), server.port(), credentials)
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
