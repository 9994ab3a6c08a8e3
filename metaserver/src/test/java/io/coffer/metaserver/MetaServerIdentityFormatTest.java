package io.coffer.metaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MetaServerIdentityFormatTest {
    private static final MetaServerIdentity IDENTITY = new MetaServerIdentity(
            ClusterId.parse("00112233-4455-6677-8899-aabbccddeeff"),
            NodeId.parse("01234567-89ab-cdef-0123-456789abcdef"));
    private static final String GOLDEN = "434f46524d4554410000000100000000"
            + "00112233445566778899aabbccddeeff"
            + "0123456789abcdef0123456789abcdef"
            + "000000000000000000000000" + "57da5839";

    @Test
    void theBytesAreWhatThePageSays() throws Exception {
        assertThat(HexFormat.of().formatHex(IDENTITY.encode())).isEqualTo(GOLDEN);
        assertThat(MetaServerIdentity.decode(HexFormat.of().parseHex(GOLDEN))).isEqualTo(IDENTITY);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] good = IDENTITY.encode();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> MetaServerIdentity.decode(bad)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> MetaServerIdentity.decode(new byte[0])).isInstanceOf(IOException.class);
    }
}
