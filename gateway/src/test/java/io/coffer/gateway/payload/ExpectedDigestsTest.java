package io.coffer.gateway.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectedDigestsTest {
    /** Verifies the body "hello", trailer and all. */
    private static void put(String trailer, String... headers) throws Exception {
        Headers head = new Headers.Builder()
                .addAll(Headers.of(headers))
                .add("x-amz-decoded-content-length", "5")
                .build();
        ExpectedDigests expected = ExpectedDigests.from(head);
        BodyDigests digests = expected.digestsWith(5, false);
        ObjectBody body = ObjectBodies.open(
                ScriptedBody.inPiecesOf(3, ("5\r\nhello\r\n0\r\n" + trailer + "\r\n").getBytes(ISO_8859_1)),
                PayloadCheck.UNSIGNED_TRAILER,
                head);
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            digests.update(piece);
        }
        expected.verify(digests, body);
    }

    private static S3Exception refusal(String trailer, String... headers) {
        return catchThrowableOfType(S3Exception.class, () -> put(trailer, headers));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, XUFAKrxLKna5cZ2REBfFkg==",
        "X-Amz-Checksum-Crc32, NhCmhg==",
        "x-amz-checksum-crc32c, mnG7TA==",
        "x-amz-checksum-crc64nvme, M3eFcAZSQlc=",
        "x-amz-checksum-sha1, qvTGHdzF6KLavt4PO0gs2a6pQ00=",
        "x-amz-checksum-sha256, LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    })
    void whatIsTruePasses(String header, String value) throws Exception {
        put("", header, value);
    }

    @Test
    void aTrueTrailerPasses() throws Exception {
        put(
                "x-amz-checksum-crc64nvme:M3eFcAZSQlc=\r\n",
                "x-amz-trailer",
                "x-amz-checksum-crc64nvme",
                "x-amz-sdk-checksum-algorithm",
                "crc64nvme");
    }

    @Test
    void whatIsFalseIsABadDigest() {
        S3Exception md5 = refusal("", "Content-MD5", "XrY7u+Ae7tCTyyK7j1rNww==");
        assertThat(md5.error()).isEqualTo(S3Error.BAD_DIGEST);
        assertThat(md5).hasMessage("The Content-MD5 you specified did not match what we received.");
        assertThat(md5.details())
                .containsEntry("CalculatedDigest", "XUFAKrxLKna5cZ2REBfFkg==")
                .containsEntry("ExpectedDigest", "5eb63bbbe01eeed093cb22bb8f5acdc3");

        S3Exception crc = refusal("", "x-amz-checksum-crc32", "AAAAAA==");
        assertThat(crc.error()).isEqualTo(S3Error.BAD_DIGEST);
        assertThat(crc).hasMessage("The CRC32 you specified did not match the calculated checksum.");

        S3Exception trailer = refusal("x-amz-checksum-crc32:AAAAAA==\r\n", "x-amz-trailer", "x-amz-checksum-crc32");
        assertThat(trailer.error()).isEqualTo(S3Error.BAD_DIGEST);
    }

    @ParameterizedTest
    @CsvSource({"''", "invalid_md5", "aGVsbCBzLGRham5mamFuc2Y=", "XUFAKrxLKna5cZ2REBfFk"})
    void aContentMd5ThatIsNoneIsInvalid(String value) {
        S3Exception refusal = refusal("", "Content-MD5", value);
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_DIGEST);
        assertThat(refusal.details()).containsEntry("Content-MD5", value);
    }

    @ParameterizedTest
    @CsvSource({"''", "invalid_base64!", "c2RhZnNhZGZzZGFm"})
    void aChecksumThatIsNoneIsInvalid(String value) {
        S3Exception header = refusal("", "x-amz-checksum-crc32", value);
        assertThat(header.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(header).hasMessage("Value for x-amz-checksum-crc32 header is invalid.");

        S3Exception trailer =
                refusal("x-amz-checksum-crc32:" + value + "\r\n", "x-amz-trailer", "x-amz-checksum-crc32");
        assertThat(trailer.error()).isEqualTo(S3Error.INVALID_REQUEST);
        assertThat(trailer).hasMessage("Value for x-amz-checksum-crc32 trailing header is invalid.");
    }

    @Test
    void onlyOneChecksumIsTaken() {
        String several = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
        assertThat(refusal("", "x-amz-checksum-crc32", "NhCmhg==", "x-amz-checksum-crc32c", "mnG7TA=="))
                .hasMessage(several);
        assertThat(refusal("", "x-amz-checksum-crc32", "NhCmhg==", "x-amz-trailer", "x-amz-checksum-crc32"))
                .hasMessage(several);
        assertThat(refusal("", "x-amz-trailer", "x-amz-checksum-crc32,x-amz-checksum-sha1"))
                .hasMessage(several);
    }

    @Test
    void anUnknownChecksumIsRefused() {
        assertThat(refusal("", "x-amz-checksum-crc16", "AAA="))
                .hasMessage("The algorithm type you specified in x-amz-checksum- header is invalid.");
    }

    @Test
    void theSdksAlgorithmMustFitWhatIsSent() {
        assertThat(refusal("", "x-amz-sdk-checksum-algorithm", "CRC32"))
                .hasMessageStartingWith("x-amz-sdk-checksum-algorithm specified, but no corresponding");
        assertThat(refusal("", "x-amz-sdk-checksum-algorithm", "CRC16", "x-amz-checksum-crc32", "NhCmhg=="))
                .hasMessage("Checksum algorithm provided is unsupported. Please try again with any of the valid types:"
                        + " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        assertThat(refusal("", "x-amz-sdk-checksum-algorithm", "SHA1", "x-amz-checksum-crc32", "NhCmhg=="))
                .hasMessage("Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }

    @Test
    void headersAboutChecksumsAreNone() throws Exception {
        ExpectedDigests expected =
                ExpectedDigests.from(Headers.of("x-amz-checksum-mode", "ENABLED", "x-amz-checksum-type", "COMPOSITE"));
        assertThat(expected.any()).isFalse();
        assertThat(expected.algorithm()).isEmpty();
    }

    @Test
    void theMd5IsLeftAwayUnlessSomebodyWantsIt() throws Exception {
        ExpectedDigests none = ExpectedDigests.from(Headers.EMPTY);
        BodyDigests left = none.digestsWith(5, false, ChecksumAlgorithm.CRC32);
        left.update(ByteBuffer.wrap("hello".getBytes(ISO_8859_1)));
        assertThat(left.checksumBase64(ChecksumAlgorithm.CRC32)).contains("NhCmhg==");
        assertThatThrownBy(left::md5Hex).isInstanceOf(IllegalStateException.class);
        assertThat(none.digestsWith(0, true).md5Hex()).isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
        ExpectedDigests told = ExpectedDigests.from(Headers.of("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="));
        assertThat(told.digestsWith(0, false).md5Hex()).isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
    }

    @Test
    void digestsAreMadeInOnePassAndLeaveTheBuffer() {
        BodyDigests digests = new BodyDigests(5, true, java.util.EnumSet.allOf(ChecksumAlgorithm.class));
        ByteBuffer direct =
                ByteBuffer.allocateDirect(5).put("hello".getBytes(ISO_8859_1)).flip();
        digests.update(direct);
        assertThat(direct.remaining()).isEqualTo(5);
        assertThat(digests.bytes()).isEqualTo(5);
        assertThat(digests.md5Hex()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(digests.md5Base64()).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
        assertThat(digests.checksumBase64(ChecksumAlgorithm.CRC32)).contains("NhCmhg==");
        assertThat(digests.checksumBase64(ChecksumAlgorithm.SHA1)).contains("qvTGHdzF6KLavt4PO0gs2a6pQ00=");
        assertThat(new BodyDigests(0, true, java.util.Set.of()).checksum(ChecksumAlgorithm.SHA1))
                .isEmpty();
    }
}
