package io.coffer.common.rpc;

import io.coffer.common.id.NodeId;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** How a node is told that it was removed from the cluster, so that it can tell this refusal from all others and ends. */
public final class Removal {
    /** There, whatever its value, exactly if the caller was removed. */
    private static final Metadata.Key<String> MARK =
            Metadata.Key.of("coffer-removed", Metadata.ASCII_STRING_MARSHALLER);

    private Removal() {}

    /** Ends a call of a node that was removed. */
    public static void tell(ServerCall<?, ?> call, NodeId caller) {
        Metadata trailers = new Metadata();
        trailers.put(MARK, caller.toString());
        call.close(Status.PERMISSION_DENIED.withDescription(text(caller)), trailers);
    }

    /** Whether that is why a call failed. */
    public static boolean isToldBy(Throwable failure) {
        Metadata trailers = Status.trailersFromThrowable(failure);
        return trailers != null && trailers.containsKey(MARK);
    }

    /** For people. */
    public static String text(NodeId node) {
        return "node " + node + " was removed from the cluster";
    }
}
