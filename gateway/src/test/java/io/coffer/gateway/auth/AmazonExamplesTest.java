package io.coffer.gateway.auth;

import static io.coffer.gateway.auth.AuthFixture.ACCESS_KEY;
import static io.coffer.gateway.auth.AuthFixture.NOW;
import static io.coffer.gateway.auth.AuthFixture.SECRET;
import static io.coffer.gateway.auth.AuthFixture.hosted;
import static io.coffer.gateway.auth.AuthFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ChunkSigner;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.operation.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The worked examples of Amazon's S3 documentation, signatures included. */
final class AmazonExamplesTest {
    private static final String NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String HOST = "examplebucket.s3.amazonaws.com";

    private final Authenticator v4 = AuthFixture.authenticator(AuthSettings.DEFAULT);
    private final Authenticator v2 = AuthFixture.authenticator(AuthSettings.DEFAULT.withSigV2(true));

    private static String authorization(String signedHeaders, String signature) {
        return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders="
                + signedHeaders + ",Signature=" + signature;
    }

    private void accepted(SigningRequest request) throws Exception {
        Authentication authentication = v4.authenticate(request, NOW);
        assertThat(authentication.identity()).isEqualTo(new Identity.Signed(AuthFixture.ACCOUNT, ACCESS_KEY));
    }

    @Test
    void getObject() throws Exception {
        accepted(hosted(
                "examplebucket",
                "GET",
                "/test.txt",
                Headers.of(
                        "Host",
                        HOST,
                        "Authorization",
                        authorization(
                                "host;range;x-amz-content-sha256;x-amz-date",
                                "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                        "Range",
                        "bytes=0-9",
                        "x-amz-content-sha256",
                        NOTHING,
                        "x-amz-date",
                        "20130524T000000Z")));
    }

    @Test
    void putObject() throws Exception {
        accepted(hosted(
                "examplebucket",
                "PUT",
                "/test$file.text",
                Headers.of(
                        "Host", HOST,
                        "Date", "Fri, 24 May 2013 00:00:00 GMT",
                        "Authorization",
                                authorization(
                                        "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                                        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
                        "x-amz-storage-class", "REDUCED_REDUNDANCY",
                        "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                        "x-amz-date", "20130524T000000Z")));
    }

    @Test
    void getBucketLifecycle() throws Exception {
        accepted(hosted(
                "examplebucket",
                "GET",
                "/",
                Headers.of(
                        "Host",
                        HOST,
                        "Authorization",
                        authorization(
                                "host;x-amz-content-sha256;x-amz-date",
                                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
                        "x-amz-content-sha256",
                        NOTHING,
                        "x-amz-date",
                        "20130524T000000Z"),
                "lifecycle",
                ""));
    }

    @Test
    void listObjects() throws Exception {
        accepted(hosted(
                "examplebucket",
                "GET",
                "/",
                Headers.of(
                        "Host",
                        HOST,
                        "Authorization",
                        authorization(
                                "host;x-amz-content-sha256;x-amz-date",
                                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
                        "x-amz-content-sha256",
                        NOTHING,
                        "x-amz-date",
                        "20130524T000000Z"),
                "max-keys",
                "2",
                "prefix",
                "J"));
    }

    @Test
    void presignedLink() throws Exception {
        accepted(hosted(
                "examplebucket",
                "GET",
                "/test.txt",
                Headers.of("Host", HOST),
                "X-Amz-Algorithm",
                "AWS4-HMAC-SHA256",
                "X-Amz-Credential",
                "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
                "X-Amz-Date",
                "20130524T000000Z",
                "X-Amz-Expires",
                "86400",
                "X-Amz-SignedHeaders",
                "host",
                "X-Amz-Signature",
                "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
    }

    @Test
    void chunkedUpload() throws Exception {
        Authentication authentication = v4.authenticate(
                request(
                        "PUT",
                        "/examplebucket/chunkObject.txt",
                        Headers.of(
                                "Host", "s3.amazonaws.com",
                                "x-amz-date", "20130524T000000Z",
                                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                                "Authorization",
                                        authorization(
                                                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
                                                "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"),
                                "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                                "Content-Encoding", "aws-chunked",
                                "x-amz-decoded-content-length", "66560",
                                "Content-Length", "66824")),
                NOW);

        ChunkSigner signer = ((PayloadCheck.SignedChunks) authentication.payload()).signer();
        String first = signer.sign(signer.seed(), sha256(letters(65536)));
        String second = signer.sign(first, sha256(letters(1024)));
        String last = signer.sign(second, sha256(letters(0)));
        assertThat(first).isEqualTo("ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
        assertThat(second).isEqualTo("0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497");
        assertThat(last).isEqualTo("b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9");
        assertThat(((PayloadCheck.SignedChunks) authentication.payload()).trailer())
                .isFalse();
    }

    @Test
    void chunkedUploadWithTrailer() throws Exception {
        Authentication authentication = v4.authenticate(
                request(
                        "PUT",
                        "/examplebucket/chunkObject.txt",
                        Headers.of(
                                "Host", "s3.amazonaws.com",
                                "x-amz-date", "20130524T000000Z",
                                "x-amz-storage-class", "REDUCED_REDUNDANCY",
                                "Authorization",
                                        authorization(
                                                "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
                                                "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"),
                                "x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                                "Content-Encoding", "aws-chunked",
                                "x-amz-decoded-content-length", "66560",
                                "x-amz-trailer", "x-amz-checksum-crc32c")),
                NOW);

        PayloadCheck.SignedChunks chunks = (PayloadCheck.SignedChunks) authentication.payload();
        ChunkSigner signer = chunks.signer();
        String first = signer.sign(signer.seed(), sha256(letters(65536)));
        String second = signer.sign(first, sha256(letters(1024)));
        String last = signer.sign(second, sha256(letters(0)));
        byte[] trailer = "x-amz-checksum-crc32c:sOO8/Q==\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(first).isEqualTo("b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2");
        assertThat(second).isEqualTo("1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7");
        assertThat(last).isEqualTo("2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");
        assertThat(signer.signTrailer(last, sha256(trailer)))
                .isEqualTo("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435");
        assertThat(chunks.trailer()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "johnsmith, GET, /photos/puppy.jpg, -, -, 'Tue, 27 Mar 2007 19:36:42 +0000', bWq2s1WEIj+Ydj0vQ697zp+IXMU=",
                "johnsmith, PUT, /photos/puppy.jpg, -, image/jpeg, 'Tue, 27 Mar 2007 21:15:45 +0000', MyyxeRY7whkBe+bq8fHCL/2kKUg=",
                "johnsmith, GET, /, prefix=photos, -, 'Tue, 27 Mar 2007 19:42:41 +0000', htDYFYduRNen8P9ZfE/s9SuKy0U=",
                "johnsmith, GET, /, acl=, -, 'Tue, 27 Mar 2007 19:44:46 +0000', c2WLPFtWHVgbEmeEG93a4cG37dM=",
                "-, GET, /, -, -, 'Wed, 28 Mar 2007 01:29:59 +0000', qGdzdERIC03wnaRNKh6OqZehG9s=",
                "-, GET, /dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re, -, -, 'Wed, 28 Mar 2007 01:49:49 +0000', DNEZGsoieTZ92F3bUfSPQcbGmlM=",
            })
    void version2(
            String bucket, String method, String rawPath, String query, String type, String date, String signature)
            throws Exception {
        Headers.Builder headers = new Headers.Builder()
                .add("Date", date)
                .addIfPresent("Content-Type", type)
                .add("Authorization", "AWS " + ACCESS_KEY + ':' + signature);
        String[] parameter = query == null ? new String[0] : Arrays.copyOf(query.split("="), 2);
        if (parameter.length == 2 && parameter[1] == null) {
            parameter[1] = "";
        }
        SigningRequest plain = hosted(bucket, method, rawPath, headers.build(), parameter);
        SigningRequest request = new SigningRequest(
                plain.method(), plain.path(), rawPath, plain.query(), plain.headers(), plain.hostBucket());
        long then = SignatureTime.parse(date).orElseThrow();

        assertThat(v2.authenticate(request, then).identity()).isInstanceOf(Identity.Signed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/johnsmith", "/johnsmith/"})
    void version2OfABucketInThePathWithAndWithoutSlash(String signedPath) throws Exception {
        Headers dated = Headers.of("x-amz-date", "20070327T193642Z");
        String authorization = V2Signing.authorization(AuthFixture.request("PUT", signedPath, dated));
        SigningRequest sent = AuthFixture.request(
                "PUT", "/johnsmith", Headers.of("x-amz-date", "20070327T193642Z", "Authorization", authorization));
        long then = Instant.parse("2007-03-27T19:36:42Z").toEpochMilli();

        assertThat(v2.authenticate(sent, then).identity()).isInstanceOf(Identity.Signed.class);
    }

    @Test
    void version2WithAmazonHeaders() throws Exception {
        SigningRequest request = hosted(
                "static.johnsmith.net",
                "PUT",
                "/db-backup.dat.gz",
                Headers.of(
                        "Date", "Tue, 27 Mar 2007 21:06:08 +0000",
                        "x-amz-acl", "public-read",
                        "content-type", "application/x-download",
                        "Content-MD5", "4gJE4saaMU4BqNR0kLY+lw==",
                        "X-Amz-Meta-ReviewedBy", "joe@johnsmith.net",
                        "X-Amz-Meta-ReviewedBy", "jane@johnsmith.net",
                        "X-Amz-Meta-FileChecksum", "0x02661779",
                        "X-Amz-Meta-ChecksumAlgorithm", "crc32",
                        "Content-Disposition", "attachment; filename=database.dat",
                        "Content-Encoding", "gzip",
                        "Content-Length", "5913339",
                        "Authorization", "AWS " + ACCESS_KEY + ":ilyl83RwaSoYIEdixDQcA4OnAnc="));

        assertThat(v2.authenticate(
                                request, Instant.parse("2007-03-27T21:06:08Z").toEpochMilli())
                        .payload())
                .isEqualTo(PayloadCheck.UNSIGNED);
    }

    /** What dialects add is signed as S3's own subresources are: by name, and with a value where there is one. */
    @ParameterizedTest
    @CsvSource({
        "PUT, /b/k, append, '', ?append",
        "PUT, /b/k, compose, '', ?compose",
        "PUT, /b/k, renameObject, '', ?renameObject",
        "DELETE, /b, force_delete, true, ?force_delete=true",
        "DELETE, /b, force_delete, '', ?force_delete",
    })
    void version2CoversWhatDialectsAdd(String method, String path, String name, String value, String signed) {
        SigningRequest request = AuthFixture.request(method, path, Headers.of("Host", "h"), name, value, "other", "x");
        assertThat(V2Signature.stringToSign(request, "d")).isEqualTo(method + "\n\n\nd\n" + path + signed);
    }

    @Test
    void version2Link() throws Exception {
        SigningRequest request = hosted(
                "johnsmith",
                "GET",
                "/photos/puppy.jpg",
                Headers.of("Host", "johnsmith.s3.amazonaws.com"),
                "AWSAccessKeyId",
                ACCESS_KEY,
                "Signature",
                "NpgCjnDzrM+WFzoENXmpNDUsSn8=",
                "Expires",
                "1175139620");

        assertThat(v2.authenticate(request, 1175139620_000L).identity()).isInstanceOf(Identity.Signed.class);
        assertThat(AuthFixture.refusal(v2, request, 1175139621_000L)).hasMessage("Request has expired");
    }

    @Test
    void theClientsSideSignsLikeTheExample() {
        RequestSigner signer = new RequestSigner(ACCESS_KEY, Secret.of(SECRET), "us-east-1", "s3");
        SigningRequest request = request("GET", "/", Headers.of("Host", HOST), "max-keys", "2", "prefix", "J");

        assertThat(signer.sign(request, NOTHING, NOW).headers().first("Authorization"))
                .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
        SigningRequest link = request("GET", "/test.txt", Headers.of("Host", HOST));
        assertThat(signer.presign(link, 86400, NOW).first("X-Amz-Signature"))
                .isEqualTo("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    }

    private static byte[] letters(int count) {
        byte[] letters = new byte[count];
        Arrays.fill(letters, (byte) 'a');
        return letters;
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
