package io.coffer.gateway.auth;

import io.coffer.gateway.form.FormFields;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.List;

/**
 * The one function that every request passes to become an identity, before anything is known of what it asks for. It is
 * exhaustive over the forms of authentication: none means anonymous, two at once and unknown ones are refused. Thread-safe.
 */
public final class Authenticator {
    private final V4Verifier v4;
    private final V2Verifier v2;
    private final FormVerifier form;

    public Authenticator(AuthSettings settings, CredentialSource credentials) {
        KnownKeys keys = new KnownKeys(credentials);
        SigningKeys signingKeys = new SigningKeys();
        this.v4 = new V4Verifier(settings, keys, signingKeys);
        this.v2 = new V2Verifier(settings, keys);
        this.form = new FormVerifier(settings, keys, signingKeys);
    }

    /** A form of authentication; which one a request uses is decided in one place. */
    private enum Form {
        ANONYMOUS,
        V4_HEADER,
        V4_QUERY,
        V2_HEADER,
        V2_QUERY
    }

    /** @throws S3Exception the exact refusal; the caller must not go on */
    public Authentication authenticate(SigningRequest request, long nowMillis) throws S3Exception {
        List<String> authorizations = request.headers().all("authorization");
        String authorization = authorizations.isEmpty() ? "" : authorizations.getFirst();
        return switch (formOf(authorizations, request.query())) {
            case ANONYMOUS -> new Authentication(Identity.ANONYMOUS, PayloadDeclaration.withoutKey(request.headers()));
            case V4_HEADER -> v4.verifyHeader(authorization, request, nowMillis);
            case V4_QUERY -> v4.verifyQuery(request, nowMillis);
            case V2_HEADER -> v2.verifyHeader(authorization, request, nowMillis);
            case V2_QUERY -> v2.verifyQuery(request, nowMillis);
        };
    }

    /**
     * Who signed an HTML form: that is told by its fields alone.
     *
     * @throws S3Exception the exact refusal, also when the request itself is signed
     */
    public Identity authenticateForm(SigningRequest request, FormFields fields, long nowMillis) throws S3Exception {
        List<String> authorizations = request.headers().all("authorization");
        if (formOf(authorizations, request.query()) != Form.ANONYMOUS) {
            throw AuthErrors.severalMechanisms(authorizations.isEmpty() ? "" : scheme(authorizations.getFirst()));
        }
        return form.verify(fields, nowMillis);
    }

    private static Form formOf(List<String> authorizations, QueryParameters query) throws S3Exception {
        boolean v4Query = V4Claim.isIn(query);
        boolean v2Query = V2Verifier.isIn(query);
        int mechanisms = authorizations.size() + (v4Query ? 1 : 0) + (v2Query ? 1 : 0);
        if (mechanisms > 1) {
            throw AuthErrors.severalMechanisms(authorizations.isEmpty() ? "" : scheme(authorizations.getFirst()));
        }
        if (v4Query) {
            return Form.V4_QUERY;
        }
        if (v2Query) {
            return Form.V2_QUERY;
        }
        return authorizations.isEmpty() ? Form.ANONYMOUS : headerForm(authorizations.getFirst());
    }

    private static Form headerForm(String authorization) throws S3Exception {
        String scheme = scheme(authorization);
        return switch (scheme) {
            case V4Claim.ALGORITHM -> Form.V4_HEADER;
            case "AWS" -> Form.V2_HEADER;
            case "AWS4-ECDSA-P256-SHA256" -> throw AuthErrors.mechanismNotSupported();
            default -> {
                boolean keyPair = scheme.length() == authorization.length() && authorization.indexOf(':') > 0;
                if (keyPair || scheme.equalsIgnoreCase("Basic")) {
                    throw AuthErrors.secretInTheClear();
                }
                throw AuthErrors.unsupportedType(scheme);
            }
        };
    }

    /** What comes before the first blank: all that an answer may repeat of a header that might hold a secret. */
    private static String scheme(String authorization) {
        int blank = authorization.indexOf(' ');
        return blank < 0 ? authorization : authorization.substring(0, blank);
    }
}
