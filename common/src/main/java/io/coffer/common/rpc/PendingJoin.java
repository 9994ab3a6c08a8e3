package io.coffer.common.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.util.List;

/**
 * What a node that is about to join has decided: kept until the join is done, so that a crash on the way is followed by the same
 * request. {@code docs/formats/node-identity.md} describes the file.
 *
 * @param request PKCS#10 for the key, with the node's id for its subject
 */
record PendingJoin(NodeId node, PrivateKey key, ByteString request) {
    static final String FILE = "joining.pem";

    /** @param node who to be if nothing was decided yet */
    static PendingJoin find(FileSystem directory, NodeId node, SecureRandom random) throws IOException {
        if (directory.exists(FILE)) {
            return load(directory);
        }
        KeyPair keys = CertificateAuthority.newKeys(random);
        PendingJoin made =
                new PendingJoin(node, keys.getPrivate(), ByteString.copyFrom(CertificateRequest.make(keys, node)));
        directory.createDirectories("");
        directory.replace(FILE, new Pem(List.of(made.key), List.of(made.request.toByteArray()), List.of()).encode());
        return made;
    }

    private static PendingJoin load(FileSystem directory) throws IOException {
        Pem pem = Pem.decode(directory.readSmall(FILE, Pem.MAX_BYTES));
        if (pem.keys().size() != 1
                || pem.requests().size() != 1
                || !pem.certificates().isEmpty()) {
            throw new IOException(FILE + " is damaged: delete it, and join with a new token");
        }
        try {
            byte[] request = pem.requests().getFirst();
            return new PendingJoin(
                    CertificateRequest.node(request), pem.keys().getFirst(), ByteString.copyFrom(request));
        } catch (CertificateException e) {
            throw new IOException(FILE + " is damaged: delete it, and join with a new token", e);
        }
    }

    static void forget(FileSystem directory) throws IOException {
        if (directory.exists(FILE)) {
            directory.delete(FILE);
            directory.syncDirectory("");
        }
    }
}
