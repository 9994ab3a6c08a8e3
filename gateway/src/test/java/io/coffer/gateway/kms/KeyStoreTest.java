package io.coffer.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.MasterKey;
import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.DataSeal;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyStoreTest {
    private static final AccountId ACCOUNT = new AccountId("000123456789");

    private final SecureRandom secure = new SecureRandom();
    private final Random random = new Random(1);
    private final MemoryDocuments documents = new MemoryDocuments();
    private final RootKey first = new LocalRootKey(ClusterKey.make(secure), secure);
    private final RootKey second = new LocalRootKey(ClusterKey.make(secure), secure);
    private long now = 1_760_000_000_000L;
    private final KeyStore store = store(first);

    private KeyStore store(RootKey... roots) {
        MetadataService metadata =
                new MetadataService(documents, () -> Instant.ofEpochMilli(now), () -> random, Duration.ofSeconds(1));
        return new KeyStore(
                metadata, new RootKeys(List.of(roots), true), "eu-west-1", () -> Instant.ofEpochMilli(now), secure);
    }

    private static DataSeal.Wrapper name(MasterKey key) {
        return new DataSeal.Wrapper(key.id(), key.newest().number());
    }

    private static void assertRefused(KeyStoreException.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void assertRefused(S3Error error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void aKeyIsFoundByItsIdItsAliasAndTheArnOfEither() throws Exception {
        MasterKey key = store.create(ACCOUNT, "backup/a", "for people");
        assertThat(key.arn()).isEqualTo("arn:aws:kms:eu-west-1:000123456789:key/" + key.id());
        for (String name : List.of(
                key.id().toString(),
                key.arn(),
                "alias/backup/a",
                "arn:aws:kms:eu-west-1:000123456789:alias/backup/a")) {
            assertThat(store.named(name)).isEqualTo(key);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "backup",
                "alias/",
                "alias/other",
                "12345678-1234-1234-1234-123456789012",
                "arn:aws:kms:eu-west-2:000123456789:alias/backup",
                "arn:aws:kms:eu-west-1:000123456780:alias/backup",
                "arn:aws:kms:eu-west-1:000123456789:backup",
                "arn:aws:s3:::backup",
                "alias/coffer/sse-s3",
            })
    void otherNamesAreNotFound(String name) throws Exception {
        store.create(ACCOUNT, "backup", "");
        store.builtIn(BuiltInKey.STORE);
        assertRefused(S3Error.KMS_NOT_FOUND, () -> store.named(name));
    }

    @Test
    void whatARotatedKeyHasWrappedItStillUnwraps() throws Exception {
        MasterKey key = store.create(ACCOUNT, "", "");
        MasterKey rotated = store.rotate(key.id());
        assertThat(rotated.newest().number()).isEqualTo(2);
        assertThat(store.wrapping(rotated, "")).isNotNull();
        for (KeyStore any : new KeyStore[] {store, store(first)}) {
            assertThat(any.wrapping(name(key), "")).isNotNull();
            assertThat(any.wrapping(name(rotated), "")).isNotNull();
        }
        assertRefused(S3Error.KMS_NOT_FOUND, () -> store.wrapping(new DataSeal.Wrapper(key.id(), 3), ""));
    }

    @Test
    void aDisabledKeyIsUsedNoLongerThanASecond() throws Exception {
        MasterKey key = store.create(ACCOUNT, "k", "");
        KeyStore other = store(first);
        other.named("alias/k");
        store.setEnabled(key.id(), false);
        assertRefused(S3Error.KMS_DISABLED, () -> store.named("alias/k"));
        assertRefused(S3Error.KMS_DISABLED, () -> store.wrapping(name(key), ""));
        now += 1000;
        assertRefused(S3Error.KMS_DISABLED, () -> other.named("alias/k"));
        store.setEnabled(key.id(), true);
        assertThat(store.named("alias/k").enabled()).isTrue();
    }

    @Test
    void theStoreIsAskedOnceASecond() throws Exception {
        store.create(ACCOUNT, "k", "");
        int before = documents.asked;
        for (int i = 0; i < 10; i++) {
            store.named("alias/k");
        }
        assertThat(documents.asked).isEqualTo(before);
        now += 1000;
        store.named("alias/k");
        store.named("alias/k");
        assertThat(documents.asked).isEqualTo(before + 1);
    }

    @Test
    void builtInKeysMakeThemselvesOnce() throws Exception {
        MasterKey made = store.builtIn(BuiltInKey.MANAGED);
        assertThat(store(first).builtIn(BuiltInKey.MANAGED)).isEqualTo(made);
        assertThat(store.named("alias/aws/s3")).isEqualTo(made);
        assertThat(store.keys()).hasSize(1);
        assertRefused(KeyStoreException.Reason.BUILT_IN, () -> store.setEnabled(made.id(), false));
        assertThat(store.rotate(made.id()).newest().number()).isEqualTo(2);
    }

    @Test
    void changesOfSeveralGatewaysAllCount() throws Exception {
        store.create(ACCOUNT, "a", "");
        documents.races = 3;
        store.create(ACCOUNT, "b", "");
        assertThat(store.keys()).extracting(MasterKey::alias).containsExactly("alias/a", "alias/b");
        documents.races = 100;
        assertRefused(S3Error.SERVICE_UNAVAILABLE, () -> store.create(ACCOUNT, "c", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws/s3", "coffer/x", "with space", "ümlaut", "a.b"})
    void badAliasesAreRefused(String alias) {
        assertRefused(KeyStoreException.Reason.INVALID, () -> store.create(ACCOUNT, alias, ""));
    }

    @Test
    void whatCannotBeChangedIsRefused() throws Exception {
        store.create(ACCOUNT, "a", "");
        assertRefused(KeyStoreException.Reason.ALIAS_EXISTS, () -> store.create(ACCOUNT, "a", ""));
        assertRefused(KeyStoreException.Reason.INVALID, () -> store.create(ACCOUNT, "b", "x".repeat(201)));
        assertRefused(KeyStoreException.Reason.NO_SUCH_KEY, () -> store.rotate(new UUID(1, 2)));
        assertRefused(KeyStoreException.Reason.NO_SUCH_KEY, () -> store.setEnabled(new UUID(1, 2), true));
        assertRefused(KeyStoreException.Reason.NO_ROOT_KEY, () -> store().create(ACCOUNT, "b", ""));
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void theRootKeyIsReplacedWithoutTouchingWhatKeysHaveWrapped() throws Exception {
        MasterKey key = store.create(ACCOUNT, "k", "");
        store.rotate(key.id());
        KeyStore both = store(second, first);
        assertThat(both.wrapping(name(key), ""))
                .as("the one before still unwraps")
                .isNotNull();
        assertThat(both.rewrap()).isEqualTo(2);
        assertThat(both.keys().getFirst().versions())
                .extracting(MasterKey.Version::root)
                .containsOnly(second.name());
        assertThat(store(second).wrapping(name(key), "")).isNotNull();
        assertRefused(S3Error.SERVICE_UNAVAILABLE, () -> store(first).wrapping(name(key), ""));
    }

    @Test
    void aFullStoreSaysSo() throws Exception {
        MasterKey key = store.create(ACCOUNT, "", "");
        assertRefused(KeyStoreException.Reason.FULL, () -> {
            for (int i = 0; i < 3000; i++) {
                store.rotate(key.id());
            }
        });
        assertThat(store.named(key.arn()).newest().number()).isGreaterThan(1000);
    }
}
