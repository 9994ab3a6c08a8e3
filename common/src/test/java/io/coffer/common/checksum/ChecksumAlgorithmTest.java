package io.coffer.common.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksumAlgorithmTest {

    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    })
    void publishedCheckValues(ChecksumAlgorithm algorithm, String expected) {
        Checksummer checksummer = algorithm.newChecksummer();
        checksummer.update("123456789".getBytes(US_ASCII));
        byte[] digest = checksummer.digest();
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(expected);
        assertThat(digest).hasSize(algorithm.digestBytes());
    }

    @Test
    void md5OfAPublishedMessage() {
        Checksummer md5 = Md5.newChecksummer();
        md5.update("message digest".getBytes(US_ASCII));
        byte[] digest = md5.digest();
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo("f96b697d7cb7938d525a2f31aaf161d0");
        assertThat(digest).hasSize(Md5.DIGEST_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void anyPiecesOfAnyKindOfBufferGiveTheSameAsTheWhole(ChecksumAlgorithm algorithm) {
        byte[] data = new byte[300_000];
        Random random = new Random(7);
        random.nextBytes(data);
        Checksummer whole = algorithm.newChecksummer();
        whole.update(data);
        byte[] expected = whole.digest();

        ByteBuffer direct = ByteBuffer.allocateDirect(data.length).put(data).flip();
        Checksummer pieces = algorithm.newChecksummer();
        for (int at = 0; at < data.length; ) {
            int step = Math.min(random.nextInt(20_000), data.length - at);
            switch (random.nextInt(4)) {
                case 0 -> pieces.update(data, at, step);
                case 1 -> pieces.update(ByteBuffer.wrap(data, at, step).slice().asReadOnlyBuffer());
                case 2 -> pieces.update(direct.slice(at, step));
                default -> {
                    ByteBuffer window = direct.duplicate().limit(at + step).position(at);
                    pieces.update(window);
                    assertThat(window.position()).isEqualTo(at + step);
                }
            }
            at += step;
        }
        assertThat(pieces.digest()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void digestAndResetBothStartAnew(ChecksumAlgorithm algorithm) {
        Checksummer checksummer = algorithm.newChecksummer();
        byte[] empty = checksummer.digest();
        checksummer.update(new byte[] {1, 2, 3});
        assertThat(checksummer.digest()).isNotEqualTo(empty);
        assertThat(checksummer.digest()).isEqualTo(empty);
        checksummer.update(new byte[] {1, 2, 3});
        checksummer.reset();
        assertThat(checksummer.digest()).isEqualTo(empty);
    }

    @ParameterizedTest
    @EnumSource
    void headerValuesRoundTripAndWrongOnesAreRefused(ChecksumAlgorithm algorithm) {
        Checksummer checksummer = algorithm.newChecksummer();
        checksummer.update(new byte[] {42});
        byte[] digest = checksummer.digest();
        String encoded = algorithm.encode(digest);
        assertThat(algorithm.decode(encoded))
                .hasValueSatisfying(d -> assertThat(d).isEqualTo(digest));
        assertThat(algorithm.decode("")).isEmpty();
        assertThat(algorithm.decode(encoded + "AAAA")).isEmpty();
        assertThat(algorithm.decode("!".repeat(encoded.length()))).isEmpty();
        assertThat(algorithm.decode(Base64.getEncoder().encodeToString(new byte[digest.length + 1])))
                .isEmpty();
        assertThatThrownBy(() -> algorithm.encode(new byte[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, x-amz-checksum-crc32, true, true",
        "CRC32C, x-amz-checksum-crc32c, true, true",
        "CRC64NVME, x-amz-checksum-crc64nvme, true, false",
        "SHA1, x-amz-checksum-sha1, false, true",
        "SHA256, x-amz-checksum-sha256, false, true",
    })
    void namesAndTypesAreAmazons(ChecksumAlgorithm algorithm, String header, boolean fullObject, boolean composite) {
        assertThat(algorithm.headerName()).isEqualTo(header);
        assertThat(algorithm.supportsFullObject()).isEqualTo(fullObject);
        assertThat(algorithm.supportsComposite()).isEqualTo(composite);
        assertThat(ChecksumAlgorithm.byHeader(header.toUpperCase())).contains(algorithm);
        assertThat(ChecksumAlgorithm.byName(algorithm.name().toLowerCase())).contains(algorithm);
        assertThat(ChecksumAlgorithm.byName("MD5")).isEmpty();
        assertThat(ChecksumAlgorithm.byHeader("x-amz-checksum-type")).isEmpty();
    }
}
