package io.coffer.gateway.auth;

import static io.coffer.gateway.auth.AuthFixture.ACCESS_KEY;
import static io.coffer.gateway.auth.AuthFixture.NOW;
import static io.coffer.gateway.auth.AuthFixture.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.QueryParameters.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random damage to signed requests: whatever it is, the answer is a refusal of the client's (4xx), never a crash; and a request that
 * is accepted as signed is one whose meaning didn't change.
 */
final class AuthenticatorSeededTest {
    private static final int ROUNDS = 60_000;
    private static final String ALPHABET =
            "abcXYZ019 \t,;:=/+%&?-_.~\u00e9\"'<>\\|AWS4-HMAC-SHA256CredentialSignedHeadersSignature";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Authenticator authenticator = AuthFixture.authenticator(AuthSettings.DEFAULT.withSigV2(true));
    private final RequestSigner signer = new RequestSigner(ACCESS_KEY, Secret.of(SECRET), "us-east-1", "s3");

    private SigningRequest signed() {
        SigningRequest plain = AuthFixture.request(
                "PUT",
                "/bucket/some key",
                Headers.of("Host", "localhost:9000", "x-amz-meta-a", "b  c", "Content-Type", "text/plain"),
                "partNumber",
                "7",
                "uploadId",
                "abc");
        return switch (random.nextInt(3)) {
            case 0 ->
                new SigningRequest(
                        plain.method(),
                        plain.path(),
                        plain.rawPath(),
                        plain.query(),
                        signer.sign(plain, RequestSigner.UNSIGNED_PAYLOAD, NOW).headers(),
                        null);
            case 1 ->
                new SigningRequest(
                        plain.method(),
                        plain.path(),
                        plain.rawPath(),
                        signer.presign(plain, 3600, NOW),
                        plain.headers(),
                        null);
            default -> {
                Headers dated = new Headers.Builder()
                        .addAll(plain.headers())
                        .add("x-amz-date", "20130524T000000Z")
                        .build();
                SigningRequest request =
                        new SigningRequest(plain.method(), plain.path(), plain.rawPath(), plain.query(), dated, null);
                String signature = V2Signature.sign(Secret.of(SECRET), V2Signature.stringToSign(request, ""));
                yield new SigningRequest(
                        plain.method(),
                        plain.path(),
                        plain.rawPath(),
                        plain.query(),
                        new Headers.Builder()
                                .addAll(dated)
                                .add("Authorization", "AWS " + ACCESS_KEY + ":" + signature)
                                .build(),
                        null);
            }
        };
    }

    private String damage(String text) {
        StringBuilder out = new StringBuilder(text);
        int edits = 1 + random.nextInt(3);
        for (int i = 0; i < edits; i++) {
            int at = out.isEmpty() ? 0 : random.nextInt(out.length());
            switch (random.nextInt(out.isEmpty() ? 1 : 5)) {
                case 0 -> out.insert(at, piece());
                case 1 -> out.deleteCharAt(at);
                case 2 -> out.setCharAt(at, piece().charAt(0));
                case 3 -> out.setLength(at);
                default -> out.append(out.substring(at));
            }
        }
        return out.toString();
    }

    private String piece() {
        int at = random.nextInt(ALPHABET.length());
        return ALPHABET.substring(at, Math.min(ALPHABET.length(), at + 1 + random.nextInt(4)));
    }

    private SigningRequest damaged(SigningRequest request) {
        List<Parameter> query = new ArrayList<>(request.query().list());
        List<Header> lines = new ArrayList<>();
        request.headers().forEach(lines::add);
        String method = request.method();
        String path = request.path();
        switch (random.nextInt(9)) {
            case 0 -> path = damage(path);
            case 1 -> method = damage(method);
            case 2, 3 -> {
                int at = random.nextInt(query.size());
                Parameter old = query.get(at);
                query.set(
                        at,
                        random.nextInt(4) == 0
                                ? new Parameter(damage(old.name()), old.value())
                                : new Parameter(old.name(), damage(old.value())));
            }
            case 4 -> query.remove(random.nextInt(query.size()));
            case 5 -> query.add(new Parameter(random.nextBoolean() ? "Signature" : "X-Amz-Date", piece()));
            case 6 -> lines.remove(random.nextInt(lines.size()));
            default -> {
                int at = random.nextInt(lines.size());
                Header old = lines.get(at);
                lines.set(at, new Header(old.name(), damage(old.value())));
            }
        }
        return new SigningRequest(
                method, path, UriEncoding.path(path), new QueryParameters(query), new Headers(lines), null);
    }

    /** What the request asks for, apart from what only carries the signature. */
    private static String meaning(SigningRequest request) {
        List<String> query = request.query().list().stream()
                .filter(p -> !p.name().startsWith("X-Amz-"))
                .map(p -> p.name() + "=" + p.value())
                .sorted()
                .toList();
        String amazon = "";
        for (Header line : request.headers()) {
            if (line.name().startsWith("x-amz-meta-")) {
                amazon += line.value().strip().replaceAll("[ \t]+", " ");
            }
        }
        return request.method() + " " + request.path() + " " + query + " " + amazon;
    }

    @Test
    void damageIsRefusedAndNeverCrashes() throws Exception {
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            SigningRequest good = signed();
            SigningRequest bad = damaged(good);
            try {
                Identity identity = authenticator.authenticate(bad, NOW).identity();
                if (identity instanceof Identity.Signed) {
                    assertThat(meaning(bad)).as("-Dseed=%d, round %d", seed, i).isEqualTo(meaning(good));
                }
            } catch (S3Exception e) {
                refused++;
                assertThat(e.error().status())
                        .as("-Dseed=%d, round %d", seed, i)
                        .isBetween(400, 499);
                assertThat(e.getMessage() + e.details())
                        .as("-Dseed=%d, round %d", seed, i)
                        .doesNotContain(SECRET);
            } catch (RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed + ", round " + i, e);
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 2);
    }
}
