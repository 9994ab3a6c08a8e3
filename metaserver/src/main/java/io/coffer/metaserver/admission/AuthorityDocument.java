package io.coffer.metaserver.admission;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.seal.Sealer;
import io.coffer.common.time.WallClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The cluster's certificate authority, sealed with the cluster's key, as the system group keeps it. Only metaservers have a use for
 * it: whoever serves documents to other nodes must not give them this one. Thread-safe.
 */
public final class AuthorityDocument {
    /** Its name among the documents of the system group. */
    public static final String NAME = "authority";

    private static final String SEALED_OF = "document:" + NAME;

    private final MetadataClient metadata;
    private final Sealer sealer;
    private final WallClock clock;
    private final SecureRandom random;

    public AuthorityDocument(MetadataClient metadata, ClusterKey key, WallClock clock, SecureRandom random) {
        this.metadata = metadata;
        this.sealer = key.sealer(random);
        this.clock = clock;
        this.random = random;
    }

    /** The authority; fails like every query, and with NO_SUCH_DOCUMENT before it was stored. */
    CompletableFuture<CertificateAuthority> read() {
        return metadata.query(GroupId.SYSTEM, new SystemQuery.GetDocument(NAME))
                .thenApply(document -> open(document.value()));
    }

    private CertificateAuthority open(ByteBuffer sealed) {
        return open(sealed, sealer, random);
    }

    /**
     * The authority in a document's value.
     *
     * @throws IllegalStateException if it is damaged or was sealed with another key; in words for an operator
     */
    public static CertificateAuthority open(ByteBuffer sealed, ClusterKey key, SecureRandom random) {
        return open(sealed, key.sealer(random), random);
    }

    private static CertificateAuthority open(ByteBuffer sealed, Sealer sealer, SecureRandom random) {
        try {
            return CertificateAuthority.decode(sealer.open(SEALED_OF, sealed), random);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(
                    "the stored certificate authority is damaged, or was sealed with another cluster key", e);
        }
    }

    /** Stores the first authority. The same again changes nothing; another one is refused with STALE_EPOCH. */
    CompletableFuture<Void> store(CertificateAuthority authority) {
        RequestId request = RequestId.create(metadata.birthMillis(clock.millis()), random);
        ByteBuffer sealed = sealer.seal(SEALED_OF, authority.encode());
        return metadata.submit(GroupId.SYSTEM, request, new SystemCommand.SetDocument(NAME, 0, sealed))
                .<Void>thenApply(stored -> null)
                .exceptionallyCompose(failure -> isConflict(failure)
                        ? read().thenAccept(stored -> {
                            if (!stored.certificate().equals(authority.certificate())) {
                                throw new CompletionException(new RefusedException(
                                        Refusal.STALE_EPOCH, "the cluster has another certificate authority"));
                            }
                        })
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isConflict(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException refused && refused.refusal() == Refusal.STALE_EPOCH;
    }
}
