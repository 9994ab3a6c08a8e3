package io.coffer.gateway.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Seal;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed opens as it was, in any blocks, and not when anything about it has changed. */
class SealedBytesTest {
    private static final int BLOCK = SealedLayout.BLOCK_BYTES;
    private static final int TAG = SealedLayout.TAG_BYTES;

    private final Random random = new Random(3);
    private final SecureRandom secure = new SecureRandom();
    private final byte[] master = bytes(DataKey.BYTES);
    private final WrappingKey key = new WrappingKey(new DataSeal.Wrapper(new UUID(5, 6), 2), master, "{\"a\":\"b\"}");

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A run as it lies in an extent. */
    private record Sealed(Seal seal, byte[] bytes) {}

    private static Sealed seal(BodySealer sealer, byte[] plain, int step) {
        BodySealer.Run run = sealer.run(plain.length);
        ByteBuffer out = ByteBuffer.allocate((int) SealedLayout.sealedLength(plain.length));
        for (int at = 0; at < plain.length; at += step) {
            ByteBuffer piece = ByteBuffer.wrap(plain, at, Math.min(step, plain.length - at));
            for (ByteBuffer block = run.next(piece); block != null; block = run.next(piece)) {
                out.put(block);
            }
        }
        out.put(run.tags());
        assertThat(out.hasRemaining()).isFalse();
        return new Sealed(run.seal(), out.array());
    }

    private static byte[] open(WrappingKey key, Sealed sealed, int firstBlock, int blocks)
            throws GeneralSecurityException {
        DataSeal seal = DataSeal.of(sealed.seal());
        int length = (int) SealedLayout.openLength(sealed.bytes().length);
        RunOpener opener = new RunOpener(seal.open(key), seal, length);
        int from = firstBlock * BLOCK;
        int to = Math.min(length, (firstBlock + blocks) * BLOCK);
        ByteBuffer bytes = ByteBuffer.wrap(sealed.bytes().clone(), from, to - from);
        ByteBuffer tags = ByteBuffer.wrap(sealed.bytes(), length + firstBlock * TAG, blocks * TAG);
        opener.open(bytes, firstBlock, tags, bytes);
        return Arrays.copyOfRange(bytes.array(), from, to);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK + 12_345})
    void itOpensAsItWasFromAnyBlock(int length) throws Exception {
        byte[] plain = bytes(length);
        Sealed sealed = seal(key.sealer(secure), plain, 7777);
        assertThat(sealed.bytes().length).isEqualTo(SealedLayout.sealedLength(length));
        int blocks = Math.ceilDiv(length, BLOCK);
        for (int first = 0; first < blocks; first++) {
            assertThat(open(key, sealed, first, blocks - first))
                    .isEqualTo(Arrays.copyOfRange(plain, first * BLOCK, length));
        }
    }

    @Test
    void whatIsWrappedAnewOpensWithTheNewKeyOnlyAndInItsContextOnly() throws Exception {
        WrappingKey newest =
                new WrappingKey(new DataSeal.Wrapper(new UUID(5, 6), 3), bytes(DataKey.BYTES), "{\"a\":\"b\"}");
        BodySealer sealer = key.sealer(secure);
        byte[] plain = bytes(BLOCK + 5);
        Sealed first = seal(sealer, plain, BLOCK);
        Sealed second = seal(sealer, plain, BLOCK);
        int[] asked = new int[1];
        DataKeys keys = new DataKeys(name -> {
            asked[0]++;
            assertThat(name).isEqualTo(key.name());
            return key;
        });
        SealRenewer renewer = new SealRenewer(keys, newest, secure);
        Sealed renewed = new Sealed(renewer.renew(first.seal()), first.bytes());
        assertThat(renewed.seal().wrapper()).isEqualTo(new Seal.Wrapper(new UUID(5, 6), 3));
        assertThat(open(newest, renewed, 0, 2)).isEqualTo(plain);
        assertThat(open(newest, new Sealed(renewer.renew(second.seal()), second.bytes()), 0, 2))
                .isEqualTo(plain);
        assertThat(asked[0]).as("one body, one key").isEqualTo(1);
        assertThatThrownBy(() -> open(key, renewed, 0, 2)).isInstanceOf(GeneralSecurityException.class);
        WrappingKey elsewhere = new WrappingKey(newest.name(), newest.bytes(), "");
        assertThatThrownBy(() -> open(elsewhere, renewed, 0, 2)).isInstanceOf(GeneralSecurityException.class);

        SealRenewer wrongContext =
                new SealRenewer(new DataKeys(name -> new WrappingKey(name, master, "")), newest, secure);
        assertThatThrownBy(() -> wrongContext.renew(first.seal())).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void aBodyWhoseKeyIsReplacedWhileItComesIsWrappedAnew() throws Exception {
        WrappingKey newest =
                new WrappingKey(new DataSeal.Wrapper(new UUID(5, 6), 3), bytes(DataKey.BYTES), "{\"a\":\"b\"}");
        BodySealer sealer = key.sealer(secure, () -> newest);
        byte[] plain = bytes(100);
        Sealed first = seal(sealer, plain, 100);
        Sealed second = seal(sealer, plain, 100);
        Payload.Inline inline =
                (Payload.Inline) sealer.renewed(new Payload.Inline(ByteBuffer.wrap(first.bytes()), first.seal()));
        assertThat(open(newest, new Sealed(inline.seal(), first.bytes()), 0, 1)).isEqualTo(plain);
        ExtentSlice slice =
                new ExtentSlice(new ExtentId(1, 2), new VolumeId(5), new GroupId(1), 116, 0, 100, second.seal());
        Payload.Extents extents = (Payload.Extents) sealer.renewed(new Payload.Extents(List.of(slice)));
        ExtentSlice renewed = extents.slices().getFirst();
        assertThat(renewed.withSeal(Seal.NONE)).isEqualTo(slice.withSeal(Seal.NONE));
        assertThat(open(newest, new Sealed(renewed.seal(), second.bytes()), 0, 1))
                .isEqualTo(plain);
        Payload empty = new Payload.Inline(ByteBuffer.allocate(0));
        assertThat(sealer.renewed(empty)).isEqualTo(empty);
    }

    @Test
    void lengthsAreToldFromOneAnother() {
        for (long length = 1; length < 4L * BLOCK; length += 97) {
            long sealed = SealedLayout.sealedLength(length);
            assertThat(SealedLayout.openLength(sealed)).isEqualTo(length);
        }
        assertThat(SealedLayout.openLength(0)).isZero();
        assertThat(SealedLayout.openLength(64L << 20)).isLessThan(64L << 20);
    }

    @Test
    void equalBodiesHaveNothingInCommon() {
        byte[] plain = bytes(BLOCK);
        Sealed one = seal(key.sealer(secure), plain, BLOCK);
        Sealed other = seal(key.sealer(secure), plain, BLOCK);
        assertThat(one.seal()).isNotEqualTo(other.seal());
        assertThat(one.bytes()).isNotEqualTo(other.bytes()).isNotEqualTo(plain);
    }

    @Test
    void blocksThatWereMovedOrChangedDoNotOpen() throws Exception {
        byte[] plain = new byte[3 * BLOCK];
        Sealed sealed = seal(key.sealer(secure), plain, BLOCK);
        assertChangedDoesNotOpen(sealed, bytes -> {
            bytes[BLOCK + 7] ^= 1;
            return bytes;
        });
        assertChangedDoesNotOpen(sealed, bytes -> {
            bytes[3 * BLOCK + TAG] ^= 1;
            return bytes;
        });
        // The first two change places, with their tags.
        assertChangedDoesNotOpen(sealed, bytes -> {
            byte[] swapped = bytes.clone();
            System.arraycopy(bytes, 0, swapped, BLOCK, BLOCK);
            System.arraycopy(bytes, BLOCK, swapped, 0, BLOCK);
            System.arraycopy(bytes, 3 * BLOCK, swapped, 3 * BLOCK + TAG, TAG);
            System.arraycopy(bytes, 3 * BLOCK + TAG, swapped, 3 * BLOCK, TAG);
            return swapped;
        });
        // The last one is cut off, with its tag.
        assertChangedDoesNotOpen(sealed, bytes -> {
            byte[] cut = new byte[2 * BLOCK + 2 * TAG];
            System.arraycopy(bytes, 0, cut, 0, 2 * BLOCK);
            System.arraycopy(bytes, 3 * BLOCK, cut, 2 * BLOCK, 2 * TAG);
            return cut;
        });
    }

    private void assertChangedDoesNotOpen(Sealed sealed, UnaryOperator<byte[]> change) {
        byte[] changed = change.apply(sealed.bytes().clone());
        int blocks = Math.ceilDiv((int) SealedLayout.openLength(changed.length), BLOCK);
        assertThatThrownBy(() -> open(key, new Sealed(sealed.seal(), changed), 0, blocks))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void runsOfABodyDoNotStandForOneAnother() throws Exception {
        BodySealer sealer = key.sealer(secure);
        byte[] plain = bytes(BLOCK);
        Sealed first = seal(sealer, plain, BLOCK);
        Sealed second = seal(sealer, plain, BLOCK);
        assertThat(open(key, second, 0, 1)).isEqualTo(plain);
        assertThat(first.bytes()).isNotEqualTo(second.bytes());
        assertThatThrownBy(() -> open(key, new Sealed(first.seal(), second.bytes()), 0, 1))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void anotherKeyOrContextOpensNothing() {
        Sealed sealed = seal(key.sealer(secure), bytes(100), 100);
        WrappingKey other = new WrappingKey(new DataSeal.Wrapper(new UUID(5, 6), 2), bytes(32), "{\"a\":\"b\"}");
        WrappingKey elsewhere = new WrappingKey(new DataSeal.Wrapper(new UUID(5, 6), 2), master, "");
        for (WrappingKey wrong : new WrappingKey[] {other, elsewhere}) {
            assertThatThrownBy(() -> open(wrong, sealed, 0, 1)).isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void aSealOfAnUnknownFormIsRefused() {
        byte[] seal = new byte[90];
        Sealed sealed = seal(key.sealer(secure), bytes(1), 1);
        sealed.seal().bytes().duplicate().get(seal);
        for (int changed : new int[] {0, 1}) {
            byte[] other = seal.clone();
            other[changed] ^= 1;
            assertThatThrownBy(() -> DataSeal.of(new Seal(ByteBuffer.wrap(other))))
                    .isInstanceOf(GeneralSecurityException.class);
        }
        assertThatThrownBy(() -> DataSeal.of(new Seal(ByteBuffer.wrap(seal, 0, 89))))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> DataSeal.of(Seal.NONE)).isInstanceOf(GeneralSecurityException.class);
    }
}
