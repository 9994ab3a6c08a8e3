package io.coffer.metaserver.rpc;

import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers are told when a node's request for a certificate fails. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static StatusRuntimeException toStatus(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Status status = switch (cause) {
            case CertificateException invalid -> Status.INVALID_ARGUMENT.withDescription(invalid.getMessage());
            case RefusedException refused -> status(refused);
            case MetadataUnavailableException unavailable ->
                Status.UNAVAILABLE.withDescription("the system group has no leader here: " + unavailable.getMessage());
            default -> unexpected(cause);
        };
        return status.asRuntimeException();
    }

    private static Status status(RefusedException refused) {
        return switch (refused.refusal()) {
            case INVALID_TOKEN ->
                Status.PERMISSION_DENIED.withDescription("the token is unknown, used, expired, or for another role");
            case NODE_REMOVED ->
                Status.PERMISSION_DENIED.withDescription(
                        refused.detail() + ": delete its directory, and it can join as another one");
            case NO_SUCH_NODE -> Status.PERMISSION_DENIED.withDescription(refused.detail());
            case NO_SUCH_DOCUMENT -> Status.UNAVAILABLE.withDescription("the cluster has no certificate authority yet");
            case INVALID_ARGUMENT -> Status.FAILED_PRECONDITION.withDescription(refused.detail());
            case REQUEST_TOO_OLD ->
                Status.UNAVAILABLE.withDescription("this metaserver's clock is behind the cluster's");
            default -> unexpected(refused);
        };
    }

    private static Status unexpected(Throwable cause) {
        LOG.error("could not issue a certificate", cause);
        return Status.INTERNAL.withDescription("the metaserver could not issue a certificate; see its log");
    }
}
