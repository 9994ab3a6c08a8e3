package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a metaserver of the cluster that an invitation is from, by the authority's certificate that it shows as the last of its
 * chain. For one connection attempt. Thread-safe.
 */
final class InvitedTrust extends X509ExtendedTrustManager {
    private final Invitation invitation;
    private volatile boolean stranger;

    InvitedTrust(Invitation invitation) {
        this.invitation = invitation;
    }

    /** Whether a server showed that it is not of that cluster. */
    boolean metAStranger() {
        return stranger;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate authority = chain[chain.length - 1];
        if (chain.length < 2 || !invitation.isFrom(authority)) {
            stranger = true;
            throw new CertificateException("the server is not of the cluster that the token is from");
        }
        AnchoredTrust.of(authority).chains().checkServerTrusted(chain, authType, engine);
        if (PeerIdentity.of(chain[0]).role() != Node.Role.METASERVER) {
            throw new CertificateException("the server is no metaserver");
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
