package io.coffer.metaserver.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.CertificateRequest;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.time.Ticker;
import io.coffer.metaserver.admission.NodeAdmission;
import io.coffer.metaserver.admission.NodeAdmission.Admitted;
import io.coffer.metaserver.admission.NodeAdmission.Applicant;
import io.coffer.proto.metadata.ValueMessages.NodeRole;
import io.coffer.proto.rpc.JoinGrpc;
import io.coffer.proto.rpc.JoinMessages.JoinRequest;
import io.coffer.proto.rpc.JoinMessages.JoinResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joining: the one service for callers without a certificate. Secrets are hashed at once, and never logged. Thread-safe. */
public final class JoinService extends JoinGrpc.JoinImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(JoinService.class);

    private static final int MAX_TOKEN_CHARS = 64;
    private static final int MAX_NAME_CHARS = 256;
    private static final int MAX_HOST_CHARS = 256;

    private final NodeAdmission admission;
    private final AdmissionLimit limit;

    public JoinService(NodeAdmission admission, Ticker ticker) {
        this.admission = admission;
        this.limit = new AdmissionLimit(ticker);
    }

    @Override
    public void join(JoinRequest request, StreamObserver<JoinResponse> answer) {
        if (!isSound(request)) {
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("not a request to join")
                    .asRuntimeException());
            return;
        }
        if (!limit.tryEnter()) {
            answer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("too many nodes join at once")
                    .asRuntimeException());
            return;
        }
        admission.join(applicant(request)).whenComplete((admitted, failure) -> {
            limit.leave();
            if (failure == null) {
                answer.onNext(response(admitted));
                answer.onCompleted();
            } else {
                var status = Failures.toStatus(failure);
                LOG.warn(
                        "node {} was not let in with token {}: {}",
                        ClusterCodec.uuid(request.getNode()),
                        request.getTokenId(),
                        status.getStatus().getDescription());
                answer.onError(status);
            }
        });
    }

    private static boolean isSound(JoinRequest request) {
        return request.getTokenId().length() <= MAX_TOKEN_CHARS
                && isPrintable(request.getTokenId())
                && request.getTokenSecret().size() <= MAX_TOKEN_CHARS
                && request.getRole() != NodeRole.UNRECOGNIZED
                && request.hasNode()
                && request.getName().length() <= MAX_NAME_CHARS
                && isPrintable(request.getName())
                && request.getHostsCount() <= CertificateAuthority.MAX_HOSTS
                && request.getHostsList().stream()
                        .allMatch(host -> host.length() <= MAX_HOST_CHARS && isPrintable(host))
                && request.getCertificateRequest().size() <= CertificateRequest.MAX_BYTES;
    }

    /** Whether it can be quoted in a log or a message. */
    private static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(Character::isISOControl);
    }

    private static Applicant applicant(JoinRequest request) {
        return new Applicant(
                request.getTokenId(),
                ByteBuffer.wrap(Invitation.sha256(request.getTokenSecret().toByteArray())),
                ClusterCodec.decode(request.getRole()),
                new NodeId(ClusterCodec.uuid(request.getNode())),
                request.getName(),
                request.getHostsList(),
                request.getCertificateRequest().asReadOnlyByteBuffer());
    }

    private static JoinResponse response(Admitted admitted) {
        try {
            JoinResponse.Builder response = JoinResponse.newBuilder()
                    .addChain(
                            ByteString.copyFrom(admitted.issued().certificate().getEncoded()))
                    .setAuthority(
                            ByteString.copyFrom(admitted.issued().authority().getEncoded()));
            admitted.clusterKey().ifPresent(key -> response.setClusterKey(ByteString.copyFrom(key.bytes())));
            return response.build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("what was made can be encoded", e);
        }
    }
}
