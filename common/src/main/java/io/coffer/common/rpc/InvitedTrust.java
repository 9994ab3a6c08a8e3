package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.time.WallClock;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a metaserver of the cluster that an invitation is from, by the authority's certificate that it shows as the last of its
 * chain. For one connection attempt. Thread-safe.
 */
final class InvitedTrust extends X509ExtendedTrustManager {
    private final Invitation invitation;
    private final WallClock clock;
    private volatile @Nullable String trouble;

    InvitedTrust(Invitation invitation, WallClock clock) {
        this.invitation = invitation;
        this.clock = clock;
    }

    /** Why the server that was met isn't trusted; empty if it is, or none was met. Asking again won't help. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate authority = chain[chain.length - 1];
        try {
            if (chain.length < 2 || !invitation.isFrom(authority)) {
                throw new CertificateException("it is not of the cluster that the token is from");
            }
            AnchoredTrust.of(authority, Validity.check(chain[0], clock)).checkServerTrusted(chain, authType, engine);
            if (PeerIdentity.of(chain[0]).role() != Node.Role.METASERVER) {
                throw new CertificateException("it is no metaserver");
            }
        } catch (CertificateException e) {
            trouble = e.getMessage();
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no engine");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
