package io.coffer.gateway.admin;

import io.coffer.common.cluster.Node;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.unit.Durations;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Join tokens in the admin interface. A token's secret leaves once, to whoever made it. Thread-safe. */
final class TokenOperations {
    private static final Duration DEFAULT_TTL = Duration.ofHours(1);
    private static final Duration MIN_TTL = Duration.ofMinutes(1);
    private static final Duration MAX_TTL = Duration.ofDays(30);

    private final MetadataService metadata;
    private final Supplier<Optional<X509Certificate>> authority;
    private final InstantSource clock;
    private final SecureRandom random;

    TokenOperations(AdminService.Parts parts) {
        this.metadata = parts.metadata();
        this.authority = parts.authority();
        this.clock = parts.clock();
        this.random = parts.secrets();
    }

    Object create(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Node.Role role = role(request.required("role"));
        Instant expires = clock.instant().plus(ttl(request.optional("ttl")));
        X509Certificate issuer = authority
                .get()
                .orElseThrow(() -> new AdminException(
                        409,
                        "OneProcess",
                        "this store is one process and has no certificate authority: nothing can join"));
        Invitation invitation = Invitation.make(issuer, random);
        metadata.tell(new SystemCommand.CreateToken(
                invitation.id(), role, ByteBuffer.wrap(invitation.secretHash()), expires.toEpochMilli()));
        return new ClusterJson.CreatedToken(
                invitation.text(),
                invitation.id(),
                ClusterJson.roleName(role),
                ClusterJson.time(expires.toEpochMilli()));
    }

    Object list(AdminRequest request) throws RefusedException, S3Exception {
        return AdminJson.Page.all(tokens().stream()
                .sorted(Comparator.comparingLong(JoinToken::expiresMillis).thenComparing(JoinToken::id))
                .map(token -> ClusterJson.ListedToken.of(token, clock.millis()))
                .toList());
    }

    @Nullable
    Object delete(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String id = request.path().get(1);
        if (tokens().stream().noneMatch(token -> token.id().equals(id))) {
            // Not repeated in the message: somebody may have given the whole token for its id.
            throw new AdminException(
                    404, "NoSuchToken", "there is no such token; its id is what comes before the first dot");
        }
        metadata.tell(new SystemCommand.DeleteToken(id));
        return null;
    }

    private List<JoinToken> tokens() throws RefusedException, S3Exception {
        return metadata.ask(new SystemQuery.ListTokens()).tokens();
    }

    private static Node.Role role(String named) throws AdminException {
        try {
            if (named.equals(named.toLowerCase(Locale.ROOT))) {
                return Node.Role.valueOf(named.toUpperCase(Locale.ROOT));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw AdminException.invalid("'role' must be gateway, metaserver or dataserver");
    }

    private static Duration ttl(String text) throws AdminException {
        try {
            Duration ttl = text.isEmpty() ? DEFAULT_TTL : Durations.parse(text);
            if (ttl.compareTo(MIN_TTL) >= 0 && ttl.compareTo(MAX_TTL) <= 0) {
                return ttl;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw AdminException.invalid("'ttl' must be " + Durations.print(MIN_TTL) + " to " + Durations.print(MAX_TTL));
    }
}
