package io.coffer.gateway.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedBodyTest {
    private static final String SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";

    private static byte[] readAll(ObjectBody body) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            assertThat(piece.hasRemaining()).isTrue();
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            all.writeBytes(bytes);
        }
        assertThat(body.read()).isNull();
        return all.toByteArray();
    }

    private static ObjectBody open(RequestBody body, PayloadCheck check, String... headers) throws S3Exception {
        return ObjectBodies.open(body, check, Headers.of(headers));
    }

    private static ObjectBody unsigned(String body, long decoded, String... trailer) throws S3Exception {
        return open(
                ScriptedBody.whole(body.getBytes(ISO_8859_1)),
                PayloadCheck.UNSIGNED_TRAILER,
                trailer.length == 0
                        ? new String[] {"X-Amz-Decoded-Content-Length", Long.toString(decoded)}
                        : new String[] {
                            "X-Amz-Decoded-Content-Length", Long.toString(decoded), "X-Amz-Trailer", trailer[0]
                        });
    }

    private static PayloadCheck signed(boolean trailer) {
        return new PayloadCheck.SignedChunks(new ExampleSigner(SEED), trailer);
    }

    private static S3Error refusal(ObjectBody body) {
        return catchThrowableOfType(S3Exception.class, () -> readAll(body)).error();
    }

    @Test
    void amazonsExampleOfSignedChunksVerifies() throws Exception {
        byte[] data = "a".repeat(66560).getBytes(ISO_8859_1);
        byte[] framed = new ChunkedEncoder(null)
                .raw("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n")
                .raw("a".repeat(65536))
                .raw("\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n")
                .raw("a".repeat(1024))
                .raw("\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n")
                .bytes();
        ObjectBody body =
                open(ScriptedBody.inPiecesOf(1000, framed), signed(false), "x-amz-decoded-content-length", "66560");
        assertThat(body.length()).isEqualTo(66560);
        assertThat(readAll(body)).isEqualTo(data);
    }

    @Test
    void amazonsExampleOfASignedTrailerVerifies() throws Exception {
        byte[] framed = new ChunkedEncoder(null)
                .raw("10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n")
                .raw("a".repeat(65536))
                .raw("\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n")
                .raw("a".repeat(1024))
                .raw("\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n")
                .raw("x-amz-checksum-crc32c:sOO8/Q==\n\r\n")
                .raw("x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n")
                .bytes();
        var check = new PayloadCheck.SignedChunks(
                new ExampleSigner("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"), true);
        ObjectBody body = open(
                ScriptedBody.whole(framed),
                check,
                "x-amz-decoded-content-length",
                "66560",
                "x-amz-trailer",
                "x-amz-checksum-crc32c");
        assertThat(readAll(body)).hasSize(66560);
        assertThat(body.trailer("x-amz-checksum-crc32c")).isEqualTo("sOO8/Q==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n\r\n"})
    void everyByteBoundaryDecodesAlike(String lineEnd) throws Exception {
        byte[] data = "hello, world".getBytes(ISO_8859_1);
        byte[] framed = new ChunkedEncoder(new ExampleSigner(SEED))
                .chunks(data, 8192)
                .trailer("x-amz-checksum-crc32", "AAAAAA==", lineEnd)
                .trailerSignature()
                .raw("\r\n")
                .bytes();
        String[] head = {"x-amz-decoded-content-length", "12", "x-amz-trailer", "x-amz-checksum-crc32"};
        for (int cut = 1; cut < framed.length; cut++) {
            ObjectBody body = open(ScriptedBody.cut(framed, cut), signed(true), head);
            assertThat(readAll(body)).as("cut at %d", cut).isEqualTo(data);
            assertThat(body.trailer("x-amz-checksum-crc32")).isEqualTo("AAAAAA==");
        }
        assertThat(readAll(open(ScriptedBody.inPiecesOf(1, framed), signed(true), head)))
                .isEqualTo(data);
    }

    @Test
    void everyTruncationIsRefused() throws Exception {
        byte[] framed = new ChunkedEncoder(new ExampleSigner(SEED))
                .chunks("hello".getBytes(ISO_8859_1), 8192)
                .trailer("x-amz-checksum-crc32", "AAAAAA==", "\r\n")
                .trailerSignature()
                .raw("\r\n")
                .bytes();
        for (int end = 0; end < framed.length; end++) {
            ObjectBody body = open(
                    ScriptedBody.whole(Arrays.copyOf(framed, end)),
                    signed(true),
                    "x-amz-decoded-content-length",
                    "5",
                    "x-amz-trailer",
                    "x-amz-checksum-crc32");
            assertThat(refusal(body)).as("ends at %d", end).isEqualTo(S3Error.INCOMPLETE_BODY);
        }
    }

    @Test
    void noChangedByteOfASignedBodyPasses() throws Exception {
        byte[] framed = new ChunkedEncoder(new ExampleSigner(SEED))
                .chunks("hello".getBytes(ISO_8859_1), 8192)
                .trailer("x-amz-checksum-crc32", "AAAAAA==", "\r\n")
                .trailerSignature()
                .raw("\r\n")
                .bytes();
        for (int i = 0; i < framed.length; i++) {
            byte[] changed = framed.clone();
            changed[i] ^= 1;
            ObjectBody body = open(
                    ScriptedBody.whole(changed),
                    signed(true),
                    "x-amz-decoded-content-length",
                    "5",
                    "x-amz-trailer",
                    "x-amz-checksum-crc32");
            assertThat(refusal(body))
                    .as("byte %d", i)
                    .isIn(
                            S3Error.SIGNATURE_DOES_NOT_MATCH,
                            S3Error.INCOMPLETE_BODY,
                            S3Error.MALFORMED_TRAILER,
                            S3Error.INVALID_CHUNK_SIZE);
        }
    }

    @Test
    void swappedChunksAreRefused() throws Exception {
        byte[] first = "a".repeat(8192).getBytes(ISO_8859_1);
        byte[] second = "b".repeat(8192).getBytes(ISO_8859_1);
        byte[] both = Arrays.copyOf(first, 16384);
        System.arraycopy(second, 0, both, 8192, 8192);
        byte[] framed = ChunkedEncoder.encode(new ExampleSigner(SEED), both, 8192);
        int chunk = "2000;chunk-signature=\r\n\r\n".length() + 64 + 8192;
        byte[] swapped = framed.clone();
        System.arraycopy(framed, chunk, swapped, 0, chunk);
        System.arraycopy(framed, 0, swapped, chunk, chunk);
        assertThat(readAll(open(ScriptedBody.whole(framed), signed(false), "x-amz-decoded-content-length", "16384")))
                .isEqualTo(both);
        assertThat(refusal(open(ScriptedBody.whole(swapped), signed(false), "x-amz-decoded-content-length", "16384")))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void signaturesOfAnotherRequestAreRefused() throws Exception {
        byte[] framed = ChunkedEncoder.encode(new ExampleSigner("0".repeat(64)), new byte[100], 8192);
        assertThat(refusal(open(ScriptedBody.whole(framed), signed(false), "x-amz-decoded-content-length", "100")))
                .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A\ndummy data\r\n0\r\n\r\n",
                "A\r\ndummy data0\r\n\r\n",
                "A\r\nXYZ\r\ndummy data\r\n0\r\n\r\n",
                "A\r\ndummy data\r\n0\r\n",
                "A\r\n",
                "",
                "A\r\nA\r\ndummy data\r\n0\r\n\r\n",
                "size\r\ndummy data\r\n0\r\n\r\n",
                "-A\r\ndummy data\r\n0\r\n\r\n",
                "+A\r\ndummy data\r\n0\r\n\r\n",
                " A\r\ndummy data\r\n0\r\n\r\n",
                "0xA\r\ndummy data\r\n0\r\n\r\n",
                "A;chunk-signature=x\r\ndummy data\r\n0\r\n\r\n",
                "\r\ndummy data\r\n0\r\n\r\n",
                "8000000000000000\r\ndummy data\r\n0\r\n\r\n",
                "1000000000000000A\r\ndummy data\r\n0\r\n\r\n",
                "A\r\ndummy data\r\nJ\r\n\r\n",
                "A\r\ndummy data\r\n0\r\n\r\nA",
                "A\r\ndummy data\r\n0\r\n\r\n0\r\n\r\n",
                "A\r\ndummy data\r\n\r\n",
                "B\r\ndummy datab\r\n0\r\n\r\n",
                "9\r\ndummy dat\r\n0\r\n\r\n",
                "0\r\n\r\n"
            })
    void brokenFramingIsAnIncompleteBody(String body) throws Exception {
        assertThat(refusal(unsigned(body, 10))).isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void aChunkHeaderThatNeverEndsIsRefused() throws Exception {
        assertThat(refusal(unsigned("0".repeat(100_000), 10))).isEqualTo(S3Error.INCOMPLETE_BODY);
    }

    @Test
    void aTrailerThatNeverEndsIsRefused() throws Exception {
        assertThat(refusal(unsigned(
                        "0\r\n" + "x-amz-checksum-crc32:a\r\n".repeat(1000) + "\r\n", 0, "x-amz-checksum-crc32")))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "x-amz-checksum-crc32, ''",
                "x-amz-checksum-crc32, ':AAAAAA==\r\n'",
                "-, 'x-amz-checksum-crc32:AAAAAA==\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-sha1:AAAAAA==\r\n'",
                "x-amz-checksum-crc32, 'no colon\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-crc32:AAAAAA==\r\nx-amz-checksum-crc32:AAAAAA==\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-crc32:AAAAAA==\r\nx-amz-meta-a:b\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-crc32:AA\0AAA==\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-crc32 :AAAAAA==\r\n'",
                "x-amz-checksum-crc32, 'x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:00\r\n'"
            })
    void anyOtherTrailerThanTheAnnouncedIsMalformed(String announced, String trailer) throws Exception {
        String body = "5\r\nhello\r\n0\r\n" + trailer + "\r\n";
        assertThat(refusal(announced == null ? unsigned(body, 5) : unsigned(body, 5, announced)))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @Test
    void aTrailerBehindASignedTrailerIsMalformed() throws Exception {
        byte[] framed = new ChunkedEncoder(new ExampleSigner(SEED))
                .chunks("hello".getBytes(ISO_8859_1), 8192)
                .trailerSignature()
                .trailer("x-amz-checksum-crc32", "AAAAAA==", "\r\n")
                .raw("\r\n")
                .bytes();
        assertThat(refusal(open(
                        ScriptedBody.whole(framed),
                        signed(true),
                        "x-amz-decoded-content-length",
                        "5",
                        "x-amz-trailer",
                        "x-amz-checksum-crc32")))
                .isEqualTo(S3Error.MALFORMED_TRAILER);
    }

    @ParameterizedTest
    @CsvSource({
        "'8192,8192,100', 0, 0",
        "'100', 0, 0",
        "'8192,10', 0, 0",
        "'100,8192,100', 2, 100",
        "'8192,10,100', 3, 10",
        "'8191,1', 2, 8191"
    })
    void onlyTheLastChunkMayBeSmall(String sizes, int badChunk, int badSize) throws Exception {
        StringBuilder framed = new StringBuilder();
        int total = 0;
        for (String size : sizes.split(",")) {
            int bytes = Integer.parseInt(size);
            framed.append(Integer.toHexString(bytes))
                    .append("\r\n")
                    .append("x".repeat(bytes))
                    .append("\r\n");
            total += bytes;
        }
        ObjectBody body = unsigned(framed + "0\r\n\r\n", total);
        if (badChunk == 0) {
            assertThat(readAll(body)).hasSize(total);
        } else {
            S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> readAll(body));
            assertThat(refusal.error()).isEqualTo(S3Error.INVALID_CHUNK_SIZE);
            assertThat(refusal.details())
                    .containsEntry("Chunk", Integer.toString(badChunk))
                    .containsEntry("BadChunkSize", Integer.toString(badSize));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "12x", "-1", "+1", "99999999999999999999"})
    void theDecodedLengthMustBeANumber(String length) {
        assertThatThrownBy(() -> open(
                        ScriptedBody.whole(new byte[0]),
                        PayloadCheck.UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        length))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MISSING_CONTENT_LENGTH));
    }

    @Test
    void onlyChecksumsCanBeTrailers() {
        assertThatThrownBy(() -> unsigned("0\r\n\r\n", 0, "x-amz-meta-a"))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INVALID_REQUEST));
    }

    @Test
    void anEmptyBodyDecodes() throws Exception {
        assertThat(readAll(unsigned("0\r\n\r\n", 0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"INCOMPLETE, INCOMPLETE_BODY", "TIMEOUT, REQUEST_TIMEOUT", "MALFORMED, INVALID_REQUEST"})
    void theTransportsFailuresBecomeRefusals(RequestBodyException.Reason reason, S3Error error) throws Exception {
        byte[] start = "A\r\ndum".getBytes(ISO_8859_1);
        assertThat(refusal(open(
                        ScriptedBody.failing(start, -1, reason),
                        PayloadCheck.UNSIGNED_TRAILER,
                        "x-amz-decoded-content-length",
                        "10")))
                .isEqualTo(error);
        assertThat(refusal(open(ScriptedBody.failing(start, 10, reason), PayloadCheck.UNSIGNED)))
                .isEqualTo(error);
    }
}
