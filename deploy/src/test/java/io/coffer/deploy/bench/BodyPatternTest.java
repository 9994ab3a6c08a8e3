package io.coffer.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyPatternTest {
    private static byte[] body(String key, long sequence, int length) {
        ByteBuffer body = ByteBuffer.allocate(length);
        BodyPattern.fill(body, BodyPattern.hash(key), sequence, length, 0);
        return body.array();
    }

    private static boolean verify(String key, byte[] body, int pieces) {
        BodyPattern.Verifier verifier = new BodyPattern.Verifier();
        verifier.begin(key, body.length);
        for (int from = 0; from < body.length; from += pieces) {
            verifier.accept(ByteBuffer.wrap(body, from, Math.min(pieces, body.length - from)));
        }
        return verifier.ended();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 4095, 4096, 4097, 4100, 20000})
    void bodiesProveThemselves(int length) {
        byte[] body = body("k", 7, length);
        for (int pieces : new int[] {1, 100, 4096, 1 << 20}) {
            assertThat(verify("k", body, pieces)).isTrue();
        }
    }

    @Test
    void everyWrongByteIsFound() {
        byte[] body = body("k", 7, 9000);
        for (int i = 0; i < body.length; i++) {
            body[i] ^= 1;
            assertThat(verify("k", body, 4096)).as("byte %d", i).isFalse();
            body[i] ^= 1;
        }
    }

    @Test
    void anotherObjectsBodyIsFound() {
        assertThat(verify("l", body("k", 7, 5000), 4096)).isFalse();
        byte[] longer = body("k", 7, 5001);
        assertThat(verify("k", java.util.Arrays.copyOf(longer, 5000), 4096)).isFalse();
    }

    @Test
    void aBodyMadeInPiecesIsTheSame() {
        byte[] whole = body("k", 7, 20000);
        ByteBuffer pieces = ByteBuffer.allocate(20000);
        for (int from = 0; from < 20000; from += 8192) {
            BodyPattern.fill(pieces.slice(from, Math.min(8192, 20000 - from)), BodyPattern.hash("k"), 7, 20000, from);
        }
        assertThat(pieces.array()).isEqualTo(whole);
    }
}
