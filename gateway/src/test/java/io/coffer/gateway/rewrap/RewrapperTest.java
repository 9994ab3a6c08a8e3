package io.coffer.gateway.rewrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.kms.KeyStore;
import io.coffer.gateway.kms.KeyStoreException;
import io.coffer.gateway.kms.LocalRootKey;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.payload.BodySealer;
import io.coffer.gateway.payload.WrappingKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RewrapperTest {
    private static final String CONTEXT = "{\"a\":\"b\"}";
    private static final UUID OTHER = new UUID(7, 7);

    private final SecureRandom secure = new SecureRandom();
    private final Random random = new Random(1);
    private final MemoryGroups groups = new MemoryGroups();
    private final InstantSource clock = InstantSource.system();
    private final MetadataService metadata = new MetadataService(groups, clock, () -> random, Duration.ofSeconds(1));
    private final KeyStore keys = new KeyStore(
            metadata,
            new RootKeys(List.of(new LocalRootKey(ClusterKey.make(secure), secure)), true),
            "us-east-1",
            clock,
            secure);
    private final KeyRewraps.Parts parts =
            new KeyRewraps.Parts(metadata, new ClusterMapCache(metadata, clock), keys, clock, secure, 1_000_000);
    private final KeyRewraps rewraps = new KeyRewraps(parts);
    private final AtomicLong nanos = new AtomicLong();
    private final Semaphore asked = new Semaphore(0);
    private final MasterKey key = create();

    private MasterKey create() {
        try {
            return keys.create(new AccountId("000123456789"), "k", "");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Seal seal(String context) throws Exception {
        BodySealer sealer = keys.newest(key.id(), context).sealer(secure);
        return sealer.run(1).seal();
    }

    private Encryption in(String context) {
        return new Encryption(Encryption.Method.MANAGED_KEY, key.arn(), context, false, ByteBuffer.allocate(0));
    }

    private Rewrapper start() {
        return Rewrapper.start(
                parts,
                new RewrapDocument(metadata),
                new Rewrapper.Self(new UUID(1, 1), asked, new LongAdder(), new LongAdder()),
                nanos::get);
    }

    private KeyRewrap await(KeyRewrap.State state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> groups.rewraps().stream().anyMatch(rewrap -> rewrap.state() == state));
        return groups.rewraps().getFirst();
    }

    private void assertAllOpenWith(int version) {
        assertThat(groups.seals())
                .allSatisfy(seal -> assertThat(seal.wrapper()).isEqualTo(new Seal.Wrapper(key.id(), version)));
    }

    @Test
    void everythingThatIsFoundIsWrappedAnewInTheContextOfItsObject() throws Exception {
        groups.put(SealTable.OBJECTS, "plain", seal(""), in(""));
        groups.put(SealTable.VERSIONS, "context", seal(CONTEXT), in(CONTEXT));
        groups.put(SealTable.PARTS, "u1/1", seal(""), null);
        groups.put(SealTable.PIECES, "p/1", seal(""), null);
        // Parts say nothing of their context: what they belong to does.
        groups.put(SealTable.PARTS, "u2/1", seal(CONTEXT), null);
        groups.put(SealTable.PARTS, "u2/2", seal(CONTEXT), null);
        groups.put(SealTable.UPLOADS, "u2/", Seal.NONE, in(CONTEXT));
        int seals = groups.seals().size();
        keys.rotate(key.id());
        rewraps.begin(key.id());
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            KeyRewrap done = await(KeyRewrap.State.DONE);
            assertThat(done.renewed()).isEqualTo(seals);
            assertThat(done.groups()).hasSize(1);
            assertThat(done.groups().getFirst().pass()).isEqualTo(2);
            assertThat(done.groups().getFirst().left()).isZero();
        }
        assertAllOpenWith(2);
        assertThat(keys.find(key.id()).neededFrom()).isEqualTo(2);
    }

    @Test
    void whatMovesPastItIsFoundByAnotherPass() throws Exception {
        groups.put(SealTable.OBJECTS, "k", seal(""), in(""));
        keys.rotate(key.id());
        rewraps.begin(key.id());
        AtomicInteger questions = new AtomicInteger();
        // Always in the table that isn't asked for, until it has had enough of that.
        groups.meanwhile = table -> {
            boolean hides = questions.incrementAndGet() < 50;
            if (hides && table == SealTable.OBJECTS) {
                groups.move("k", SealTable.OBJECTS, SealTable.VERSIONS);
            } else if (hides && table == SealTable.VERSIONS) {
                groups.move("k", SealTable.VERSIONS, SealTable.OBJECTS);
            }
        };
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            await(KeyRewrap.State.DONE);
        }
        assertAllOpenWith(2);
        assertThat(questions.get()).isGreaterThan(50);
    }

    @Test
    void aDisabledKeyEndsItInAStateThatSaysSo() throws Exception {
        groups.put(SealTable.OBJECTS, "k", seal(""), in(""));
        keys.rotate(key.id());
        rewraps.begin(key.id());
        keys.setEnabled(key.id(), false);
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            assertThat(await(KeyRewrap.State.STOPPED).reason()).contains("disabled");
            assertThat(keys.keys().getFirst().neededFrom()).isEqualTo(1);
            assertThatThrownBy(() -> rewraps.begin(key.id()))
                    .isInstanceOf(KeyStoreException.class)
                    .hasMessageContaining("disabled");
            keys.setEnabled(key.id(), true);
            rewraps.begin(key.id());
            asked.release();
            await(KeyRewrap.State.DONE);
        }
        assertAllOpenWith(2);
    }

    @Test
    void whatAnotherDoesIsLeftToItAsLongAsItIsAlive() throws Exception {
        groups.put(SealTable.OBJECTS, "k", seal(""), in(""));
        keys.rotate(key.id());
        KeyRewrap begun = rewraps.begin(key.id()).beat(OTHER, 0);
        groups.setRewraps(List.of(begun));
        AtomicInteger looked = new AtomicInteger();
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            KeyRewrap beaten = begun;
            for (int i = 0; i < 5; i++) {
                look(looked);
                nanos.addAndGet(Limits.LEASE.toNanos() - 1);
                beaten = beaten.beat(OTHER, 0);
                groups.setRewraps(List.of(beaten));
            }
            look(looked);
            assertThat(groups.rewraps()).containsExactly(beaten);
            nanos.addAndGet(Limits.LEASE.toNanos() + 1);
            asked.release();
            assertThat(await(KeyRewrap.State.DONE).driver()).isEqualTo(new UUID(1, 1));
        }
        assertAllOpenWith(2);
    }

    /** Has it look, and waits until it has looked and sleeps again. */
    private void look(AtomicInteger looked) {
        looked.incrementAndGet();
        asked.release();
        Awaitility.await().until(() -> asked.hasQueuedThreads() && asked.availablePermits() == 0);
    }

    @Test
    void oneThatIsBegunAnewElsewhereIsGivenUp() throws Exception {
        groups.put(SealTable.OBJECTS, "k", seal(""), in(""));
        keys.rotate(key.id());
        KeyRewrap begun = rewraps.begin(key.id());
        KeyRewrap others = begun.beat(OTHER, 0).beat(OTHER, 0);
        AtomicInteger questions = new AtomicInteger();
        groups.meanwhile = table -> {
            if (questions.incrementAndGet() == 3) {
                groups.setRewraps(List.of(others));
            }
        };
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            Awaitility.await().until(() -> questions.get() >= 3 && asked.hasQueuedThreads());
            assertThat(groups.rewraps()).containsExactly(others);
        }
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        for (int i = 0; i < 10; i++) {
            groups.put(SealTable.OBJECTS, "k" + i, seal(""), in(""));
        }
        keys.rotate(key.id());
        KeyRewrap begun = rewraps.begin(key.id());
        GroupRewrap half = GroupRewrap.none(GroupId.ONLY_BUCKETS)
                .nextPass(0)
                .at(SealTable.OBJECTS, StandardCharsets.UTF_8.encode("k4"));
        groups.setRewraps(List.of(begun.withGroups(List.of(half)).beat(new UUID(1, 1), 0)));
        try (Rewrapper rewrapper = start()) {
            assertThat(rewrapper).isNotNull();
            KeyRewrap done = await(KeyRewrap.State.DONE);
            // The rest in this pass, the first ones in the next.
            assertThat(done.renewed()).isEqualTo(10);
            assertThat(done.groups().getFirst().pass()).isEqualTo(3);
        }
        assertAllOpenWith(2);
    }

    @Test
    void onlyAKeyWithEarlierVersionsCanBeRewrappedAndOneThatRunsGoesOn() throws Exception {
        assertThatThrownBy(() -> rewraps.begin(key.id()))
                .isInstanceOfSatisfying(
                        KeyStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(KeyStoreException.Reason.INVALID));
        assertThatThrownBy(() -> rewraps.begin(OTHER))
                .isInstanceOfSatisfying(
                        KeyStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(KeyStoreException.Reason.NO_SUCH_KEY));
        keys.rotate(key.id());
        KeyRewrap first = rewraps.begin(key.id());
        assertThat(rewraps.begin(key.id())).isEqualTo(first);
        keys.rotate(key.id());
        assertThat(rewraps.begin(key.id()).below()).isEqualTo(3);
        assertThat(groups.rewraps()).hasSize(1);
        WrappingKey newest = keys.newest(key.id(), "");
        assertThat(newest.name().version()).isEqualTo(3);
    }
}
