package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.util.IPAddress;

/**
 * What a node proves who it is with, and knows the others by. Kept in one file, so that key and certificate are always each other's:
 * {@code docs/formats/node-identity.md}.
 *
 * @param chain its certificate, then those between it and the authority (none so far)
 * @param authority the certificate that every node's chain must end in
 */
public record NodeIdentity(
        ClusterId cluster,
        NodeId node,
        Node.Role role,
        PrivateKey key,
        List<X509Certificate> chain,
        X509Certificate authority) {
    /** Where {@link #save} keeps it. */
    public static final String FILE = "node.pem";

    /** Kinds of a subject's alternative names, as the JDK numbers them. */
    private static final int DNS_NAME = 2;

    private static final int ADDRESS = 7;

    public NodeIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * An identity out of its parts.
     *
     * @throws CertificateException unless the key is the certificate's, and the authority issued that to a node
     */
    public static NodeIdentity of(PrivateKey key, List<X509Certificate> chain, X509Certificate authority)
            throws CertificateException {
        if (chain.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        X509Certificate own = chain.getFirst();
        try {
            chain.getLast().verify(authority.getPublicKey());
            byte[] probe = own.getEncoded();
            Signature signature = Signature.getInstance(CertificateAuthority.SIGNATURE);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(own);
            signature.update(probe);
            if (!signature.verify(signed)) {
                throw new CertificateException("the private key is not the certificate's");
            }
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificate doesn't go with its key or its authority", e);
        }
        PeerIdentity self = PeerIdentity.of(own);
        return new NodeIdentity(self.cluster(), self.node(), self.role(), key, chain, authority);
    }

    /** What is in a directory; empty if there is nothing. */
    public static Optional<NodeIdentity> load(FileSystem directory) throws IOException {
        if (!directory.exists(FILE)) {
            return Optional.empty();
        }
        Pem pem = Pem.decode(directory.readSmall(FILE, Pem.MAX_BYTES));
        if (pem.keys().size() != 1
                || !pem.requests().isEmpty()
                || pem.certificates().size() < 2) {
            throw new IOException(FILE + " is damaged: it must hold a key, its certificate, and the authority's");
        }
        try {
            return Optional.of(of(
                    pem.keys().getFirst(),
                    pem.certificates().subList(0, pem.certificates().size() - 1),
                    pem.certificates().getLast()));
        } catch (CertificateException e) {
            throw new IOException(FILE + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Puts it in the place of what is there; durable when this returns. */
    public void save(FileSystem directory) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>(chain);
        certificates.add(authority);
        directory.replace(FILE, new Pem(key, certificates).encode());
    }

    public PeerIdentity self() {
        return new PeerIdentity(cluster, role, node);
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** From when nobody takes it any more. */
    public Instant expires() {
        return certificate().getNotAfter().toInstant();
    }

    /** Whether its certificate names all these hosts, so that callers who look for it there trust it. */
    public boolean names(List<String> hosts) throws CertificateException {
        Collection<List<?>> names = certificate().getSubjectAlternativeNames();
        for (String host : hosts) {
            boolean named = false;
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                named |= isHost(name) && same(String.valueOf(name.get(1)), host);
            }
            if (!named) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHost(List<?> name) {
        return name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == ADDRESS);
    }

    /** An address has several texts. */
    private static boolean same(String one, String other) {
        try {
            return IPAddress.isValid(one) && IPAddress.isValid(other)
                    ? InetAddress.getByName(one).equals(InetAddress.getByName(other))
                    : one.equalsIgnoreCase(other);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** How long it was issued for. */
    public Duration life() {
        Duration valid = Duration.between(certificate().getNotBefore().toInstant(), expires());
        if (valid.compareTo(CertificateAuthority.BACKDATED) <= 0) {
            return valid.minus(CertificateAuthority.ONCE_BACKDATED);
        }
        // One that was issued in the place of an expired one is valid from when that was.
        Duration life = valid.minus(CertificateAuthority.BACKDATED);
        return life.compareTo(CertificateAuthority.NODE_LIFE) < 0 ? life : CertificateAuthority.NODE_LIFE;
    }

    @Override
    public String toString() {
        return self() + " until " + expires();
    }
}
