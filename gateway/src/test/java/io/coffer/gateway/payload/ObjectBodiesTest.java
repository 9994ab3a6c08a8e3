package io.coffer.gateway.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ObjectBodiesTest {
    private static final String HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private static String readAll(ObjectBody body) throws Exception {
        StringBuilder all = new StringBuilder();
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            all.append(ISO_8859_1.decode(piece));
        }
        return all.toString();
    }

    @Test
    void aPlainBodyIsPassedOn() throws Exception {
        ObjectBody body = ObjectBodies.open(
                ScriptedBody.inPiecesOf(2, "hello".getBytes(ISO_8859_1)), PayloadCheck.UNSIGNED, Headers.EMPTY);
        assertThat(body.length()).isEqualTo(5);
        assertThat(readAll(body)).isEqualTo("hello");
        assertThat(body.trailer("x-amz-checksum-crc32")).isNull();
    }

    @Test
    void theSignedHashMustBeTheBodys() throws Exception {
        var right = new PayloadCheck.Sha256(HELLO_SHA256);
        assertThat(readAll(ObjectBodies.open(
                        ScriptedBody.inPiecesOf(2, "hello".getBytes(ISO_8859_1)), right, Headers.EMPTY)))
                .isEqualTo("hello");
        ObjectBody other = ObjectBodies.open(ScriptedBody.whole("hellp".getBytes(ISO_8859_1)), right, Headers.EMPTY);
        assertThatThrownBy(() -> readAll(other)).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.error()).isEqualTo(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
            assertThat(e.details()).containsEntry("ClientComputedContentSHA256", HELLO_SHA256);
            assertThat(e.details().get("S3ComputedContentSHA256")).hasSize(64).isNotEqualTo(HELLO_SHA256);
        });
    }
}
