package io.coffer.common.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/formats/sealed-secret.md}. */
final class SealerFormatTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Gives 0, 1, 2… so that the bytes are known. */
    private static final class Counting extends SecureRandom {
        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
        }
    }

    private final Sealer sealer = key(7).sealer(new Counting());

    private static ClusterKey key(int filler) {
        byte[] bytes = new byte[ClusterKey.BYTES];
        Arrays.fill(bytes, (byte) filler);
        return ClusterKey.of(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void goldenBytes() throws Exception {
        String golden = "01000102030405060708090a0b6be49a11706c7ceeb0153cc140ae0ae372ac0975c0c2";
        assertThat(HEX.formatHex(bytes(sealer.seal("AKIAEXAMPLE", "sesame".getBytes(UTF_8)))))
                .isEqualTo(golden);
        assertThat(sealer.open("AKIAEXAMPLE", ByteBuffer.wrap(HEX.parseHex(golden))))
                .asString(UTF_8)
                .isEqualTo("sesame");
    }

    @Test
    void everyChangedBitIsNoticed() {
        byte[] sealed = bytes(sealer.seal("A", new byte[] {'s'}));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> sealer.open("A", ByteBuffer.wrap(changed)))
                    .isInstanceOf(GeneralSecurityException.class);
        }
        for (int length = 0; length < sealed.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(sealed, 0, length);
            assertThatThrownBy(() -> sealer.open("A", cut)).isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void whatIsOfSomethingElseAndAnotherClustersDontOpen() {
        ByteBuffer sealed = sealer.seal("A", new byte[] {'s'});
        assertThatThrownBy(() -> sealer.open("B", sealed)).isInstanceOf(GeneralSecurityException.class);
        Sealer other = key(8).sealer(new SecureRandom());
        assertThatThrownBy(() -> other.open("A", sealed)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void theKeyNeverShowsItself() {
        assertThat(key(7)).hasToString("ClusterKey[hidden]").isEqualTo(key(7)).isNotEqualTo(key(8));
        assertThatThrownBy(() -> ClusterKey.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }
}
