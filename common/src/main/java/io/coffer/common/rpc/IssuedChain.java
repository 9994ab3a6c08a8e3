package io.coffer.common.rpc;

import com.google.protobuf.ByteString;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** What an authority answers to a request for a certificate. */
final class IssuedChain {
    private IssuedChain() {}

    /** The identity that the chain makes of a key. */
    static NodeIdentity identity(PrivateKey key, List<ByteString> chain, X509Certificate authority)
            throws CertificateException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (ByteString der : chain) {
            certificates.add(Pem.certificate(der.toByteArray()));
        }
        return NodeIdentity.of(key, certificates, authority);
    }
}
