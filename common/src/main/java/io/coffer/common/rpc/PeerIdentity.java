package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who a certificate says that its holder is: the URI {@code coffer:CLUSTER/ROLE/NODE} among its subject's names. */
public record PeerIdentity(ClusterId cluster, Node.Role role, NodeId node) {
    private static final int URI_NAME = 6;
    private static final Pattern FORM = Pattern.compile("coffer:([0-9a-f-]{36})/([a-z]+)/([0-9a-f-]{36})");

    /**
     * Reads a certificate; whether it can be trusted is for others to know.
     *
     * @throws CertificateException if it names no node, or more than one
     */
    public static PeerIdentity of(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        PeerIdentity found = null;
        if (names != null) {
            for (List<?> name : names) {
                if (name.get(0) instanceof Integer kind && kind == URI_NAME) {
                    if (found != null) {
                        throw new CertificateException("the certificate has two URIs");
                    }
                    found = parse((String) name.get(1));
                }
            }
        }
        if (found == null) {
            throw new CertificateException("the certificate names no node");
        }
        return found;
    }

    /**
     * Who is at the other end of a session.
     *
     * @throws CertificateException if that is nobody who names a node
     */
    public static PeerIdentity of(SSLSession session) throws CertificateException {
        try {
            return of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            throw new CertificateException("the peer shows no certificate", e);
        }
    }

    static PeerIdentity parse(String uri) throws CertificateException {
        Matcher form = FORM.matcher(uri);
        if (!form.matches()) {
            throw new CertificateException("not a node's name: " + uri);
        }
        try {
            return new PeerIdentity(
                    ClusterId.parse(form.group(1)),
                    Node.Role.valueOf(form.group(2).toUpperCase(Locale.ROOT)),
                    NodeId.parse(form.group(3)));
        } catch (IllegalArgumentException e) {
            throw new CertificateException("not a node's name: " + uri, e);
        }
    }

    String uri() {
        return "coffer:" + cluster + "/" + roleName() + "/" + node;
    }

    String roleName() {
        return role.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return roleName() + " " + node;
    }
}
