package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.ComposeSource;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Snapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects made of others, and objects under another key. */
@NullMarked
class ComposeRulesTest {
    private static final Versioning OFF = Versioning.UNVERSIONED;
    private static final Versioning ON = Versioning.ENABLED;

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
    }

    @AfterEach
    void close() throws RefusedException {
        try (Snapshot snapshot = group.snapshot()) {
            RowInvariants.check(snapshot, TestGroup.BUCKET);
        }
        group.close();
    }

    private static BucketCommand.ComposeObject compose(String key, String... sources) {
        return compose(
                key,
                Arrays.stream(sources)
                        .map(source -> new ComposeSource(source, VersionSelector.LATEST, ""))
                        .toList());
    }

    private static BucketCommand.ComposeObject compose(String key, List<ComposeSource> sources) {
        return new BucketCommand.ComposeObject(
                PARTITION, key, TestGroup.OWNER, sources, ObjectAttributes.EMPTY, WriteCondition.NONE, OFF);
    }

    @Test
    void bytesLieInTheOrderOfTheSources() throws RefusedException {
        group.tell(put("a", "1"));
        group.tell(put("b", "2"));
        group.tell(put("empty", ""));
        group.tell(compose("k", "a", "b", "empty", "a"));
        assertThat(group.body("k")).isEqualTo("121");
        group.tell(compose("k", "k", "b"));
        group.tell(compose("k", "k", "k"));
        assertThat(group.body("k")).isEqualTo("12121212");
        assertThat(group.tell(compose("l", "empty", "empty")).size()).isZero();
        assertThat(group.body("a")).isEqualTo("1");
    }

    private void putWith(String key, String body, @Nullable StoredChecksum checksum, ObjectAttributes attributes)
            throws RefusedException {
        group.tell(new BucketCommand.PutObject(
                PARTITION,
                key,
                TestGroup.OWNER,
                TestGroup.ETAG,
                body.length(),
                checksum,
                attributes,
                put(key, body).payload(),
                WriteCondition.NONE,
                OFF));
    }

    private static StoredChecksum checksum(ChecksumAlgorithm algorithm, StoredChecksum.Type type, String text) {
        Checksummer checksummer = algorithm.newChecksummer();
        checksummer.update(StandardCharsets.US_ASCII.encode(text));
        return new StoredChecksum(algorithm, type, algorithm.encode(checksummer.digest()));
    }

    /** That of all bytes in the first one's algorithm, where the sources' tell it. */
    @ParameterizedTest
    @CsvSource({
        // the sources' algorithms and types, the composed one's
        "CRC32, FULL_OBJECT, CRC32, FULL_OBJECT, CRC32",
        "CRC32C, FULL_OBJECT, CRC32C, FULL_OBJECT, CRC32C",
        "CRC64NVME, FULL_OBJECT, CRC64NVME, FULL_OBJECT, CRC64NVME",
        "CRC32, FULL_OBJECT, CRC32C, FULL_OBJECT,",
        "CRC32, COMPOSITE, CRC32, FULL_OBJECT,",
        "CRC32, FULL_OBJECT, CRC32, COMPOSITE,",
        "SHA1, FULL_OBJECT, SHA1, FULL_OBJECT,",
        "SHA256, FULL_OBJECT, SHA256, FULL_OBJECT,",
    })
    void theChecksumIsOfAllBytes(
            ChecksumAlgorithm first,
            StoredChecksum.Type firstType,
            ChecksumAlgorithm second,
            StoredChecksum.Type secondType,
            @Nullable ChecksumAlgorithm composed)
            throws RefusedException {
        putWith("a", "abc", checksum(first, firstType, "abc"), ObjectAttributes.EMPTY);
        putWith("b", "de", checksum(second, secondType, "de"), ObjectAttributes.EMPTY);
        assertThat(group.tell(compose("k", "a", "b", "a")).checksum())
                .isEqualTo(composed == null ? null : checksum(composed, StoredChecksum.Type.FULL_OBJECT, "abcdeabc"));
    }

    @ParameterizedTest
    @CsvSource({"SHA256, FULL_OBJECT, false", "CRC32, COMPOSITE, false", "CRC32, FULL_OBJECT, true"})
    void theChecksumOfOneSourceIsItsOwn(ChecksumAlgorithm algorithm, StoredChecksum.Type type, boolean kept)
            throws RefusedException {
        StoredChecksum checksum = checksum(algorithm, type, "abc");
        putWith("a", "abc", checksum, ObjectAttributes.EMPTY);
        assertThat(group.tell(compose("k", "a")).checksum()).isEqualTo(kept ? checksum : null);
    }

    @ParameterizedTest
    @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
    void sourcesAreEncryptedAsWhatTheyBecome(boolean source, boolean composed, boolean possible)
            throws RefusedException {
        ObjectAttributes encrypted = ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY);
        putWith("a", "1", null, source ? encrypted : ObjectAttributes.EMPTY);
        BucketCommand.ComposeObject compose = new BucketCommand.ComposeObject(
                PARTITION,
                "k",
                TestGroup.OWNER,
                compose("k", "a", "a").sources(),
                composed ? encrypted : ObjectAttributes.EMPTY,
                WriteCondition.NONE,
                OFF);
        assertThat(refusal(compose)).isEqualTo(possible ? null : Refusal.INVALID_APPEND);
    }

    @Test
    void whatIsMissingOrAnotherIsNamed() throws RefusedException {
        group.tell(put("a", "1"));
        List<ComposeSource> other = List.of(new ComposeSource("a", VersionSelector.LATEST, "other"));
        try {
            group.tell(compose("k", other));
        } catch (RefusedException e) {
            assertThat(e.refusal()).isEqualTo(Refusal.SOURCE_CONDITION_FAILED);
            assertThat(e.detail()).isEqualTo("a");
        }
        try {
            group.tell(compose("k", "a", "missing"));
        } catch (RefusedException e) {
            assertThat(e.refusal()).isEqualTo(Refusal.NO_SUCH_KEY);
            assertThat(e.detail()).isEqualTo("missing");
        }
        assertThat(refusal(compose("k"))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(compose("k", Collections.nCopies(Limits.MAX_SOURCES + 1, other.getFirst()))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(compose("k", List.of(new ComposeSource("a", VersionSelector.LATEST, TestGroup.ETAG)))))
                .isNull();
    }

    private @Nullable Refusal refusal(BucketCommand<?> command) {
        return TestGroup.refusal(() -> group.tell(command));
    }

    @Test
    void anObjectOfObjectsHasTenThousandPartsAtMost() throws RefusedException {
        group.tell(put("a", "1"));
        group.tell(compose("k", Collections.nCopies(1000, new ComposeSource("a", VersionSelector.LATEST, ""))));
        ComposeSource thousand = new ComposeSource("k", VersionSelector.LATEST, "");
        group.tell(compose("l", Collections.nCopies(10, thousand)));
        assertThat(group.get("l").version().size()).isEqualTo(10_000);
        assertThat(refusal(compose("l", Collections.nCopies(11, thousand)))).isEqualTo(Refusal.TOO_MANY_PARTS);
        assertThat(refusal(compose("l", "l", "a"))).isEqualTo(Refusal.TOO_MANY_PARTS);
    }

    @Test
    void sourcesMayGoAndTheirBytesStayUntilTheLastGoes() throws RefusedException {
        List<ExtentSlice> extents = new ArrayList<>();
        for (String key : List.of("a", "b")) {
            extents.add(group.extent(10));
            group.tell(group.putExtents(key, OFF, extents.getLast()));
        }
        group.tell(compose("k", "a", "b"));
        group.tell(TestGroup.delete("a", null, OFF));
        group.tell(TestGroup.delete("b", null, OFF));
        group.releaseAll();
        assertThat(group.due()).isEmpty();
        group.tell(TestGroup.delete("k", null, OFF));
        group.releaseAll();
        assertThat(group.due()).containsExactlyInAnyOrderElementsOf(extents);
    }

    // Renames

    private static BucketCommand.RenameObject rename(String from, String to, Versioning versioning) {
        return rename(from, ObjectCondition.NONE, to, ObjectCondition.NONE, versioning, null);
    }

    private static BucketCommand.RenameObject rename(
            String from,
            ObjectCondition source,
            String to,
            ObjectCondition target,
            Versioning versioning,
            @Nullable ClientToken token) {
        return new BucketCommand.RenameObject(
                PARTITION, from, null, source, to, target, versioning, TestGroup.OWNER, token);
    }

    @Test
    void aRenamedObjectIsTheSameUnderAnotherKey() throws RefusedException {
        ExtentSlice extent = group.extent(10);
        ExtentSlice replaced = group.extent(10);
        var source = group.tell(group.putExtents("a", OFF, extent));
        group.tell(group.putExtents("b", OFF, replaced));
        group.tell(rename("a", "b", OFF));
        assertThat(TestGroup.refusal(() -> group.get("a"))).isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(group.get("b").version().etag()).isEqualTo(TestGroup.ETAG);
        assertThat(group.get("b").version().version()).isNotEqualTo(source.version());
        group.releaseAll();
        assertThat(group.due()).containsExactly(replaced);
        assertThat(refusal(rename("a", "b", OFF))).isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(refusal(rename("b", "b", OFF))).isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void inABucketWithVersionsTheOldOnesStayUnderTheirKey() throws RefusedException {
        var old = group.tell(put("a", "1", WriteCondition.NONE, ON));
        group.tell(rename("a", "b", ON));
        assertThat(group.body("b")).isEqualTo("1");
        assertThat(group.get("a").version().deleteMarker()).isTrue();
        assertThat(TestGroup.text(group.get("a", new VersionSelector.Exact(old.version()), new Window.Range(0, 9))
                        .runs()))
                .isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        // of the source or the target, there: If-Match, If-None-Match, modified since, unmodified since: holds
        "ETAG, '',   -1, -1, true, false",
        "x,    '',   -1, -1, false, false",
        "*,    '',   -1, -1, true, false",
        "'',   *,    -1, -1, false, true",
        "'',   ETAG, -1, -1, false, true",
        "'',   x,    -1, -1, true, true",
        "'',   '',   -2, -1, true, false",
        "'',   '',   0,  -1, false, false",
        "'',   '',   -1, 0,  true, true",
        "'',   '',   -1, -2, false, true",
    })
    void conditionsAreAboutTheSourceAndTheTarget(
            String match, String noneMatch, long modified, long unmodified, boolean there, boolean missing)
            throws RefusedException {
        group.tell(put("a", "1"));
        long now = group.get("a").version().modifiedMillis() / 1000;
        // 0 is the second of the write, -2 the one before; -1 is no condition.
        ObjectCondition condition = new ObjectCondition(
                match.isEmpty() ? List.of() : List.of(match.replace("ETAG", TestGroup.ETAG)),
                noneMatch.isEmpty() ? List.of() : List.of(noneMatch.replace("ETAG", TestGroup.ETAG)),
                modified == -1 ? -1 : now + modified / 2,
                unmodified == -1 ? -1 : now + unmodified / 2);
        assertThat(refusal(rename("a", condition, "b", ObjectCondition.NONE, OFF, null)))
                .isEqualTo(there ? null : Refusal.SOURCE_CONDITION_FAILED);
        group.tell(put("a", "1"));
        group.tell(put("b", "2"));
        assertThat(refusal(rename("a", ObjectCondition.NONE, "b", condition, OFF, null)))
                .isEqualTo(there ? null : Refusal.PRECONDITION_FAILED);
        group.tell(put("a", "1"));
        assertThat(refusal(rename("a", ObjectCondition.NONE, "new", condition, OFF, null)))
                .isEqualTo(missing ? null : Refusal.PRECONDITION_FAILED);
    }

    @Test
    void aTokenRepeatsItsRequestAndNoOther() throws RefusedException {
        group.tell(put("a", "1"));
        ClientToken token = new ClientToken(1, 2, ByteBuffer.wrap(new byte[] {1}));
        ClientToken other = new ClientToken(1, 2, ByteBuffer.wrap(new byte[] {2}));
        BucketCommand.RenameObject rename = rename("a", ObjectCondition.NONE, "b", ObjectCondition.NONE, OFF, token);
        Reply.PutReply reply = group.tell(rename);
        group.tell(put("a", "2"));
        assertThat(group.tell(rename)).isEqualTo(reply);
        assertThat(group.body("a")).isEqualTo("2");
        assertThat(refusal(rename("a", ObjectCondition.NONE, "b", ObjectCondition.NONE, OFF, other)))
                .isEqualTo(Refusal.TOKEN_REUSED);
        group.pass(Limits.TOKEN_WINDOW.toMillis());
        group.releaseAll();
        group.tell(rename);
        assertThat(group.body("b")).isEqualTo("2");
    }
}
