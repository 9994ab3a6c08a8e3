package io.coffer.gateway.auth;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The client's side of version 4: signs requests to this or any other S3 endpoint. Thread-safe. */
public final class RequestSigner {
    /** What {@code x-amz-content-sha256} says of a body that isn't signed. */
    public static final String UNSIGNED_PAYLOAD = PayloadDeclaration.UNSIGNED;

    private static final HexFormat HEX = HexFormat.of();

    private final String accessKey;
    private final Secret secret;
    private final String region;
    private final String service;

    /** The last day's key. */
    private volatile DayKey dayKey;

    private record DayKey(CredentialScope scope, HmacKey key) {}

    /** A signed request: headers to send, and what a chunked body goes on with. */
    public record Signed(Headers headers, io.coffer.gateway.payload.ChunkSigner chunks) {}

    public RequestSigner(String accessKey, Secret secret, String region, String service) {
        this.accessKey = accessKey;
        this.secret = secret;
        this.region = region;
        this.service = service;
        CredentialScope never = CredentialScope.of(accessKey, "00000000", region, service);
        this.dayKey = new DayKey(never, SigningKeys.derive(never, secret));
    }

    /**
     * Adds {@code x-amz-date}, {@code x-amz-content-sha256} and {@code Authorization}, and signs every header given.
     *
     * @param request with the Host header; {@code rawPath} and {@code hostBucket} don't matter
     * @param payload SHA-256 in hexadecimal, or one of the words that {@code x-amz-content-sha256} knows
     */
    public Signed sign(SigningRequest request, String payload, long nowMillis) {
        String time = SignatureTime.isoBasic(nowMillis);
        Headers headers = new Headers.Builder()
                .addAll(request.headers())
                .add("x-amz-date", time)
                .add(PayloadDeclaration.HEADER, payload)
                .build();
        TreeSet<String> names = new TreeSet<>();
        headers.forEach(line -> names.add(line.name().toLowerCase(Locale.ROOT)));
        List<String> signed = List.copyOf(names);
        SigningRequest complete = new SigningRequest(
                request.method(), request.path(), request.rawPath(), request.query(), headers, request.hostBucket());
        DayKey day = dayKey(time);
        String signature = signature(day, complete, signed, payload, time);
        Headers all = new Headers.Builder()
                .addAll(headers)
                .add(
                        "Authorization",
                        V4Claim.ALGORITHM + " Credential=" + accessKey + '/' + day.scope.text() + ",SignedHeaders="
                                + String.join(";", signed) + ",Signature=" + signature)
                .build();
        return new Signed(all, new V4ChunkSigner(day.key, time, day.scope, signature));
    }

    /** The query of a link that carries its signature; every header given must be sent with it. */
    public QueryParameters presign(SigningRequest request, long expirySeconds, long nowMillis) {
        String time = SignatureTime.isoBasic(nowMillis);
        DayKey day = dayKey(time);
        TreeSet<String> names = new TreeSet<>();
        request.headers().forEach(line -> names.add(line.name().toLowerCase(Locale.ROOT)));
        List<String> signed = List.copyOf(names);
        List<QueryParameters.Parameter> parameters =
                new ArrayList<>(request.query().list());
        parameters.add(new QueryParameters.Parameter("X-Amz-Algorithm", V4Claim.ALGORITHM));
        parameters.add(new QueryParameters.Parameter("X-Amz-Credential", accessKey + '/' + day.scope.text()));
        parameters.add(new QueryParameters.Parameter("X-Amz-Date", time));
        parameters.add(new QueryParameters.Parameter("X-Amz-Expires", Long.toString(expirySeconds)));
        parameters.add(new QueryParameters.Parameter("X-Amz-SignedHeaders", String.join(";", signed)));
        SigningRequest complete = new SigningRequest(
                request.method(),
                request.path(),
                request.rawPath(),
                new QueryParameters(parameters),
                request.headers(),
                request.hostBucket());
        String sha256 = request.headers().first(PayloadDeclaration.HEADER);
        String signature =
                signature(day, complete, signed, sha256 == null ? PayloadDeclaration.UNSIGNED : sha256, time);
        parameters.add(new QueryParameters.Parameter(CanonicalRequest.SIGNATURE_PARAMETER, signature));
        return new QueryParameters(parameters);
    }

    private static String signature(
            DayKey day, SigningRequest request, List<String> signed, String payload, String time) {
        return HEX.formatHex(day.key.sign(V4Claim.ALGORITHM
                + '\n'
                + time
                + '\n'
                + day.scope.text()
                + '\n'
                + HEX.formatHex(Sha256.of(CanonicalRequest.of(request, signed, payload)))));
    }

    private DayKey dayKey(String time) {
        DayKey known = dayKey;
        if (time.startsWith(known.scope.date())) {
            return known;
        }
        CredentialScope scope = CredentialScope.of(accessKey, time.substring(0, 8), region, service);
        DayKey made = new DayKey(scope, SigningKeys.derive(scope, secret));
        dayKey = made;
        return made;
    }

    /** {@code name=value&…}, percent-encoded. */
    public static String encode(QueryParameters query) {
        StringBuilder out = new StringBuilder();
        for (QueryParameters.Parameter parameter : query.list()) {
            out.append(out.isEmpty() ? "" : "&")
                    .append(UriEncoding.component(parameter.name()))
                    .append('=')
                    .append(UriEncoding.component(parameter.value()));
        }
        return out.toString();
    }
}
