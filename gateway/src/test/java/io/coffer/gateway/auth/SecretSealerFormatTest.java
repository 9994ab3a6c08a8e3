package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/formats/sealed-secret.md}. */
final class SecretSealerFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] CLUSTER_KEY = new byte[SecretSealer.CLUSTER_KEY_BYTES];

    static {
        Arrays.fill(CLUSTER_KEY, (byte) 7);
    }

    /** Gives 0, 1, 2… so that the bytes are known. */
    private static final class Counting extends SecureRandom {
        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) i;
            }
        }
    }

    private final SecretSealer sealer = new SecretSealer(CLUSTER_KEY, new Counting());

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Test
    void goldenBytes() throws Exception {
        String golden = "01000102030405060708090a0b6be49a11706c7ceeb0153cc140ae0ae372ac0975c0c2";
        assertThat(HEX.formatHex(bytes(sealer.seal("AKIAEXAMPLE", Secret.of("sesame")))))
                .isEqualTo(golden);
        assertThat(sealer.open("AKIAEXAMPLE", ByteBuffer.wrap(HEX.parseHex(golden)))
                        .is("sesame"))
                .isTrue();
    }

    @Test
    void everyChangedBitIsNoticed() {
        byte[] sealed = bytes(sealer.seal("A", Secret.of("s")));
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
    void anotherAccessKeyAndAnotherClusterDontOpenIt() {
        ByteBuffer sealed = sealer.seal("A", Secret.of("s"));
        assertThatThrownBy(() -> sealer.open("B", sealed)).isInstanceOf(GeneralSecurityException.class);
        SecretSealer other = new SecretSealer(new byte[SecretSealer.CLUSTER_KEY_BYTES], new SecureRandom());
        assertThatThrownBy(() -> other.open("A", sealed)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aSecretNeverShowsItself() {
        Credential credential = new Credential("A", Secret.of("sesame"), AuthFixture.ACCOUNT, true);
        assertThat(credential.toString()).doesNotContain("sesame");
    }
}
