package io.coffer.common.rpc;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows the identity that is current when a handshake begins. A handshake asks for the certificate and the key one after the other,
 * and a renewal may come between: an alias stands for one identity. Thread-safe.
 */
final class IdentityKeys extends X509ExtendedKeyManager {
    private static final String KEY_TYPE = "EC";

    /** Identities that handshakes under way may still ask for: renewals are months apart. */
    private static final int REMEMBERED = 3;

    private final Supplier<NodeIdentity> identity;
    private final Map<String, NodeIdentity> byAlias = new LinkedHashMap<>();

    IdentityKeys(Supplier<NodeIdentity> identity) {
        this.identity = identity;
    }

    private @Nullable String choose(@Nullable String... keyTypes) {
        for (String type : keyTypes) {
            if (type != null && type.startsWith(KEY_TYPE)) {
                return remember(identity.get());
            }
        }
        return null;
    }

    private synchronized String remember(NodeIdentity current) {
        String alias = current.certificate().getSerialNumber().toString(Character.MAX_RADIX);
        if (byAlias.put(alias, current) == null && byAlias.size() > REMEMBERED) {
            byAlias.remove(byAlias.keySet().iterator().next());
        }
        return alias;
    }

    private synchronized @Nullable NodeIdentity of(@Nullable String alias) {
        return alias == null ? null : byAlias.get(alias);
    }

    /** With the authority's own certificate, by whose fingerprint a node that joins knows it. */
    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        NodeIdentity found = of(alias);
        if (found == null) {
            return null;
        }
        List<X509Certificate> shown = new ArrayList<>(found.chain());
        shown.add(found.authority());
        return shown.toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        NodeIdentity found = of(alias);
        return found == null ? null : found.key();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return keyTypes == null ? null : choose(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keyTypes == null ? null : choose(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType);
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    private String @Nullable [] aliases(@Nullable String keyType) {
        String alias = choose(keyType);
        return alias == null ? null : new String[] {alias};
    }
}
