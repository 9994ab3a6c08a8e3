package io.coffer.common.rpc;

import io.coffer.common.id.NodeId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** PKCS#10 requests: a public key, signed with its private one to prove that the sender has that. */
public final class CertificateRequest {
    /** Bytes of a request: ours have a third of a kilobyte. */
    public static final int MAX_BYTES = 4096;

    private CertificateRequest() {}

    /** A request for this pair's public key, in DER. The node is named for its maker, who keeps the request; issuers go by other means. */
    public static byte[] make(KeyPair keys, NodeId node) {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + node), keys.getPublic())
                    .build(new JcaContentSignerBuilder(CertificateAuthority.SIGNATURE).build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("can't make a certificate request", e);
        }
    }

    /** Whose request it is, if {@link #make} made it. */
    static NodeId node(byte[] request) throws CertificateException {
        try {
            RDN[] names =
                    new JcaPKCS10CertificationRequest(request).getSubject().getRDNs(BCStyle.CN);
            if (names.length == 1) {
                return NodeId.parse(IETFUtils.valueToString(names[0].getFirst().getValue()));
            }
        } catch (IOException | RuntimeException e) {
            throw new CertificateException("not a request", e);
        }
        throw new CertificateException("a request of no node");
    }

    /** The key that a request asks for. */
    public static PublicKey publicKey(byte[] request) throws CertificateException {
        if (request.length > MAX_BYTES) {
            throw new CertificateException("a request of " + request.length + " bytes");
        }
        try {
            JcaPKCS10CertificationRequest parsed = new JcaPKCS10CertificationRequest(request);
            AlgorithmIdentifier kind = parsed.getSubjectPublicKeyInfo().getAlgorithm();
            if (!X9ObjectIdentifiers.prime256v1.equals(kind.getParameters())) {
                throw new CertificateException("a request for a key that isn't P-256");
            }
            PublicKey key = parsed.getPublicKey();
            if (!parsed.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new CertificateException("a request that its key didn't sign");
            }
            return key;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            // The parser throws whatever it stumbles over.
            throw e instanceof CertificateException known ? known : new CertificateException("not a request", e);
        }
    }
}
