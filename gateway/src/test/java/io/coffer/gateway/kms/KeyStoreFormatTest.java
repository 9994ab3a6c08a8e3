package io.coffer.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.wire.EncryptionCodec;
import io.coffer.common.metadata.wire.RewrapCodec;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of docs/formats/key-store.md. */
class KeyStoreFormatTest {
    private static final String GOLDEN =
            "0a730a1209010000000000000011020000000000000010959aef3a1a0965752d776573742d31220a666f722070656f70"
                    + "6c652a07616c6961732f6b3001388080b3c19c334210080110051a066b65793a303022020708421d080210061a147661"
                    + "756c743a7472616e7369742f636f666665722201090a180a1209030000000000000011040000000000000042020801";

    private static final List<MasterKey> KEYS = List.of(
            new MasterKey(
                    new UUID(1, 2),
                    new AccountId("000123456789"),
                    "eu-west-1",
                    "for people",
                    "alias/k",
                    false,
                    1_760_000_000_000L,
                    List.of(
                            new MasterKey.Version(1, 5, "key:00", ByteBuffer.wrap(new byte[] {7, 8})),
                            new MasterKey.Version(2, 6, "vault:transit/coffer", ByteBuffer.wrap(new byte[] {9}))),
                    1),
            new MasterKey(
                    new UUID(3, 4),
                    new AccountId("000000000000"),
                    "",
                    "",
                    "",
                    true,
                    0,
                    List.of(new MasterKey.Version(1, 0, "", ByteBuffer.allocate(0))),
                    1));

    private static final String GOLDEN_NEEDED = "0a1a0a12090300000000000000110400000000000000420208014805";

    @Test
    void whatDataNeedsHasItsBytes() {
        List<MasterKey> keys = List.of(KEYS.getLast().withNeededFrom(5));
        assertThat(hex(EncryptionCodec.encode(keys))).isEqualTo(GOLDEN_NEEDED);
        assertThat(EncryptionCodec.decodeKeys(EncryptionCodec.encode(keys))).isEqualTo(keys);
        assertThat(keys.getFirst().withNeededFrom(2)).isEqualTo(keys.getFirst());
    }

    private static final String GOLDEN_REWRAPS =
            "0a580a120901000000000000001102000000000000001003180322037768792804300538064204080120044217"
                    + "08021007180820012a0109300a380b400c480d500e58014a12090f000000000000001110000000000000005011"
                    + "0a1c0a120912000000000000001113000000000000001014180128153015";

    private static final List<KeyRewrap> REWRAPS = List.of(
            new KeyRewrap(
                    new UUID(1, 2),
                    3,
                    KeyRewrap.State.STOPPED,
                    "why",
                    4,
                    5,
                    6,
                    List.of(
                            GroupRewrap.none(new GroupId(1)),
                            new GroupRewrap(
                                    new GroupId(2),
                                    7,
                                    8,
                                    SealTable.OBJECTS,
                                    ByteBuffer.wrap(new byte[] {9}),
                                    10,
                                    11,
                                    12,
                                    13,
                                    14,
                                    true)),
                    new UUID(15, 16),
                    17),
            KeyRewrap.begun(new UUID(18, 19), 20, 21));

    @Test
    void rewrapsHaveTheirBytes() {
        assertThat(hex(RewrapCodec.encode(REWRAPS))).isEqualTo(GOLDEN_REWRAPS);
        assertThat(RewrapCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(GOLDEN_REWRAPS))))
                .isEqualTo(REWRAPS);
    }

    private static String hex(ByteBuffer document) {
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void theStoreHasItsBytes() {
        assertThat(hex(EncryptionCodec.encode(KEYS))).isEqualTo(GOLDEN);
        assertThat(EncryptionCodec.decodeKeys(ByteBuffer.wrap(HexFormat.of().parseHex(GOLDEN))))
                .isEqualTo(KEYS);
    }
}
