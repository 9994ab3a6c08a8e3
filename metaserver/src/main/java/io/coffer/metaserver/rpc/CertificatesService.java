package io.coffer.metaserver.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.rpc.CallerIdentity;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.CertificateRequest;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.metaserver.admission.NodeAdmission;
import io.coffer.metaserver.admission.NodeAdmission.Issued;
import io.coffer.proto.rpc.CertificatesGrpc;
import io.coffer.proto.rpc.JoinMessages.RenewRequest;
import io.coffer.proto.rpc.JoinMessages.RenewResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renewal of certificates, for nodes of the cluster. Thread-safe. */
public final class CertificatesService extends CertificatesGrpc.CertificatesImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(CertificatesService.class);

    private final NodeAdmission admission;

    public CertificatesService(NodeAdmission admission) {
        this.admission = admission;
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> answer) {
        PeerIdentity caller;
        try {
            caller = CallerIdentity.current();
        } catch (StatusRuntimeException e) {
            answer.onError(e);
            return;
        }
        if (request.getHostsCount() > CertificateAuthority.MAX_HOSTS
                || request.getCertificateRequest().size() > CertificateRequest.MAX_BYTES) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("not a request for a certificate")
                    .asRuntimeException());
            return;
        }
        admission
                .renew(
                        caller,
                        request.getHostsList(),
                        request.getCertificateRequest().asReadOnlyByteBuffer())
                .whenComplete((issued, failure) -> {
                    if (failure == null) {
                        answer.onNext(response(issued));
                        answer.onCompleted();
                    } else {
                        var status = Failures.toStatus(failure);
                        LOG.warn(
                                "{} got no new certificate: {}",
                                caller,
                                status.getStatus().getDescription());
                        answer.onError(status);
                    }
                });
    }

    private static RenewResponse response(Issued issued) {
        try {
            return RenewResponse.newBuilder()
                    .addChain(ByteString.copyFrom(issued.certificate().getEncoded()))
                    .setAuthority(ByteString.copyFrom(issued.authority().getEncoded()))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("what was made can be encoded", e);
        }
    }
}
