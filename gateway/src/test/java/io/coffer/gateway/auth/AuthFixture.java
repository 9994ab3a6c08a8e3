package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys and the clock of Amazon's published examples, and requests in few words. */
public final class AuthFixture {
    public static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    public static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public static final long NOW = Instant.parse("2013-05-24T00:00:00Z").toEpochMilli();
    public static final Account ACCOUNT =
            new Account(new AccountId("123456789012"), "c".repeat(64), "example", "", false, true, 0);

    private AuthFixture() {}

    /** Keys in memory; counts nothing, forgets nothing. */
    public static final class Keys implements CredentialSource {
        private final Map<String, Credential> credentials = new HashMap<>();

        public Keys add(String accessKey, String secret, Account account, boolean enabled) {
            credentials.put(accessKey, new Credential(accessKey, Secret.of(secret), account, enabled));
            return this;
        }

        @Override
        public Optional<Credential> find(String accessKey) {
            return Optional.ofNullable(credentials.get(accessKey));
        }
    }

    public static Keys keys() {
        return new Keys().add(ACCESS_KEY, SECRET, ACCOUNT, true);
    }

    public static Authenticator authenticator(AuthSettings settings) {
        return new Authenticator(settings, keys());
    }

    /** @param query name, value, name, value… */
    public static SigningRequest request(String method, String path, Headers headers, String... query) {
        return hosted(null, method, path, headers, query);
    }

    public static SigningRequest hosted(
            @Nullable String hostBucket, String method, String path, Headers headers, String... query) {
        List<QueryParameters.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.add(new QueryParameters.Parameter(query[i], query[i + 1]));
        }
        return new SigningRequest(
                method, path, UriEncoding.path(path), new QueryParameters(parameters), headers, hostBucket);
    }

    public static S3Exception refusal(Authenticator authenticator, SigningRequest request, long nowMillis) {
        try {
            Authentication authentication = authenticator.authenticate(request, nowMillis);
            throw new AssertionError("accepted: " + authentication);
        } catch (S3Exception e) {
            return e;
        }
    }
}
