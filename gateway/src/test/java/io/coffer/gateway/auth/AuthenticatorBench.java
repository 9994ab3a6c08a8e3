package io.coffer.gateway.auth;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What authentication costs a request, signing key remembered: the budget is 5 µs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthenticatorBench {
    private Authenticator authenticator;
    private SigningRequest get;
    private SigningRequest put;
    private SigningRequest link;
    private SigningRequest v2;

    @Setup
    public void sign() {
        authenticator = AuthFixture.authenticator(AuthSettings.DEFAULT.withSigV2(true));
        RequestSigner signer =
                new RequestSigner(AuthFixture.ACCESS_KEY, Secret.of(AuthFixture.SECRET), "us-east-1", "s3");
        SigningRequest plainGet = AuthFixture.request(
                "GET",
                "/bucket/some/key-0001",
                Headers.of(
                        "Host", "localhost:9000",
                        "amz-sdk-invocation-id", "f9d3a2de-0b8c-7c92-9d5e-7a1f4b6a8f2c",
                        "amz-sdk-request", "attempt=1; max=3",
                        "User-Agent",
                                "aws-sdk-java/2.30.0 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1 lang/java#25"));
        get = signed(signer, plainGet, RequestSigner.UNSIGNED_PAYLOAD);
        SigningRequest plainPut = AuthFixture.request(
                "PUT",
                "/bucket/some/key-0001",
                Headers.of(
                        "Host", "localhost:9000",
                        "Content-Type", "application/octet-stream",
                        "Content-Length", "4160",
                        "Content-Encoding", "aws-chunked",
                        "x-amz-decoded-content-length", "4096",
                        "x-amz-sdk-checksum-algorithm", "CRC32",
                        "x-amz-trailer", "x-amz-checksum-crc32",
                        "amz-sdk-invocation-id", "f9d3a2de-0b8c-7c92-9d5e-7a1f4b6a8f2c",
                        "amz-sdk-request", "attempt=1; max=3"));
        put = signed(signer, plainPut, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        link = new SigningRequest(
                "GET",
                plainGet.path(),
                plainGet.rawPath(),
                signer.presign(
                        AuthFixture.request("GET", plainGet.path(), Headers.of("Host", "localhost:9000")),
                        3600,
                        AuthFixture.NOW),
                Headers.of("Host", "localhost:9000"),
                null);
        SigningRequest dated =
                AuthFixture.request("GET", "/bucket/key", Headers.of("x-amz-date", "Fri, 24 May 2013 00:00:00 GMT"));
        v2 = AuthFixture.request(
                "GET",
                "/bucket/key",
                Headers.of(
                        "x-amz-date",
                        "Fri, 24 May 2013 00:00:00 GMT",
                        "Authorization",
                        "AWS " + AuthFixture.ACCESS_KEY + ":"
                                + V2Signature.sign(
                                        Secret.of(AuthFixture.SECRET), V2Signature.stringToSign(dated, ""))));
    }

    private static SigningRequest signed(RequestSigner signer, SigningRequest plain, String payload) {
        return new SigningRequest(
                plain.method(),
                plain.path(),
                plain.rawPath(),
                plain.query(),
                signer.sign(plain, payload, AuthFixture.NOW).headers(),
                null);
    }

    @Benchmark
    public Authentication v4Get() throws S3Exception {
        return authenticator.authenticate(get, AuthFixture.NOW);
    }

    @Benchmark
    public Authentication v4PutWithTrailer() throws S3Exception {
        return authenticator.authenticate(put, AuthFixture.NOW);
    }

    @Benchmark
    public Authentication v4Link() throws S3Exception {
        return authenticator.authenticate(link, AuthFixture.NOW);
    }

    @Benchmark
    public Authentication v2Header() throws S3Exception {
        return authenticator.authenticate(v2, AuthFixture.NOW);
    }
}
