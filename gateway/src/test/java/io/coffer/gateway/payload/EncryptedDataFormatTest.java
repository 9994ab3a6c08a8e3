package io.coffer.gateway.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The bytes of docs/formats/encrypted-data.md. */
class EncryptedDataFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] MASTER = new byte[DataKey.BYTES];
    private static final byte[] PLAIN = "attack at dawn".getBytes(StandardCharsets.US_ASCII);

    private static final String SEAL =
            "01000000000000000102000000000000030400000007202122232425262728292a2b2c2d2e2f1ef50b84cb422b533d42"
                    + "71c2bb10cbefa2d27a49abfbb0a0f1641ddec7430f5cdfce8d6d864eb5c44d659f0d11fef4c400000001";
    private static final String SEALED = "2542b9cb6f31d4c92b1c01f1ded3cfce8f89ee16dc1c394af6b7378d9713";
    private static final String CUSTOMERS_SEAL =
            "01010000000000000000000000000000000000000000202122232425262728292a2b2c2d2e2f1ef50b84cb422b533d42"
                    + "71c2bb10cbefa2d27a49abfbb0a0f1641ddec7430f5c07c3b1ed0e3df800743036cfacd40f3100000000";

    /** 0, 1, 2 and so on. */
    private static final class Counting extends SecureRandom {
        private static final long serialVersionUID = 1;
        private byte next;

        @Override
        public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = next++;
            }
        }
    }

    private static WrappingKey key(DataSeal.Wrapper name, String context) {
        return new WrappingKey(name, MASTER, context);
    }

    @Test
    void sealedBytesHaveTheirBytes() throws Exception {
        WrappingKey key = key(new DataSeal.Wrapper(new UUID(0x0102, 0x0304), 7), "{\"a\":\"b\"}");
        BodySealer sealer = key.sealer(new Counting());
        sealer.run(1);
        BodySealer.Run run = sealer.run(PLAIN.length);
        ByteBuffer block = Objects.requireNonNull(run.next(ByteBuffer.wrap(PLAIN)));
        byte[] sealed = new byte[PLAIN.length + SealedLayout.TAG_BYTES];
        block.get(sealed, 0, PLAIN.length);
        run.tags().get(sealed, PLAIN.length, SealedLayout.TAG_BYTES);
        assertThat(hex(run.seal())).isEqualTo(SEAL);
        assertThat(HEX.formatHex(sealed)).isEqualTo(SEALED);
    }

    @Test
    void theBytesAreReadAsTheyWere() throws Exception {
        DataSeal seal = DataSeal.of(new Seal(ByteBuffer.wrap(HEX.parseHex(SEAL))));
        assertThat(seal.wrapper()).isEqualTo(new DataSeal.Wrapper(new UUID(0x0102, 0x0304), 7));
        ByteBuffer sealed = ByteBuffer.wrap(HEX.parseHex(SEALED));
        ByteBuffer tags = sealed.slice(PLAIN.length, SealedLayout.TAG_BYTES);
        sealed.limit(PLAIN.length);
        new RunOpener(seal.open(key(seal.wrapper(), "{\"a\":\"b\"}")), seal, PLAIN.length)
                .open(sealed, 0, tags, sealed);
        assertThat(sealed).isEqualTo(ByteBuffer.wrap(PLAIN));
    }

    @Test
    void aCustomersSealNamesNoKey() throws Exception {
        Seal seal =
                key(DataSeal.Wrapper.CUSTOMER, "").sealer(new Counting()).run(1).seal();
        assertThat(hex(seal)).isEqualTo(CUSTOMERS_SEAL);
        assertThat(DataSeal.of(seal).wrapper().isCustomer()).isTrue();
    }

    private static String hex(Seal seal) {
        byte[] bytes = new byte[seal.bytes().remaining()];
        seal.bytes().duplicate().get(bytes);
        return HEX.formatHex(bytes);
    }
}
