package io.coffer.metaserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.time.ManualTime;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MetadataSpaceTest {
    private static final long GIB = 1L << 30;
    private static final Command<?> WRITE = Servers.put("key", "etag", WriteCondition.NONE);
    private static final Command<?> DELETE = new BucketCommand.AbortUpload(
            new PartitionRef(new BucketId(1), new PartitionId(1), 1), "key", new UploadId(1, 1));

    private final ManualTime time = new ManualTime(0);
    private final long reserve = MetadataSpace.reserveBytes(100 * GIB);
    private long free = 50 * GIB;
    private boolean silent;
    private int shrunk;
    private MetadataSpace space;

    @BeforeEach
    void open() throws IOException {
        space = new MetadataSpace(this::probe, time, () -> shrunk++);
    }

    private FileSystem.Space probe() throws IOException {
        if (silent) {
            throw new IOException("no answer");
        }
        return new FileSystem.Space(100 * GIB, free);
    }

    @Test
    void theReserveIsAPartOfTheDiskWithinBounds() {
        assertThat(MetadataSpace.reserveBytes(0)).isZero();
        assertThat(MetadataSpace.reserveBytes(400L << 20)).isEqualTo(100L << 20);
        assertThat(MetadataSpace.reserveBytes(4 * GIB)).isEqualTo(128L << 20);
        assertThat(MetadataSpace.reserveBytes(100 * GIB)).isEqualTo(2 * GIB);
        assertThat(MetadataSpace.reserveBytes(20_000 * GIB)).isEqualTo(16 * GIB);
    }

    @Test
    void insideTheReserveOnlyDeletesGoOn() {
        assertTaken(WRITE);
        becomes(reserve);
        assertTaken(WRITE);
        assertThat(space.isTight()).isFalse();
        becomes(reserve - 1);
        assertRefused(WRITE);
        assertThat(space.isTight()).isTrue();
        assertTaken(DELETE);
        becomes(reserve / 4);
        assertTaken(DELETE);
        assertThat(space.hasRoom()).isTrue();
        becomes(reserve / 4 - 1);
        assertRefused(DELETE);
        assertThat(space.hasRoom()).isFalse();
    }

    @Test
    void itGoesOnByItselfWhenThereIsRoomAgain() {
        becomes(0);
        assertRefused(WRITE);
        becomes(reserve);
        assertTaken(WRITE);
    }

    @Test
    void whatCanBeGivenBackIsAskedForNowAndThen() {
        becomes(reserve - 1);
        assertRefused(WRITE);
        assertRefused(WRITE);
        assertThat(shrunk).isEqualTo(1);
        becomes(reserve - 2);
        assertRefused(WRITE);
        assertThat(shrunk).isEqualTo(1);
        time.advance(Duration.ofSeconds(10));
        assertRefused(WRITE);
        assertThat(shrunk).isEqualTo(2);
        becomes(reserve);
        time.advance(Duration.ofSeconds(10));
        assertTaken(WRITE);
        assertThat(shrunk).isEqualTo(2);
    }

    @Test
    void aDiskThatDoesNotAnswerIsTakenToBeAsItWas() {
        silent = true;
        becomes(0);
        assertTaken(WRITE);
    }

    private void becomes(long bytes) {
        free = bytes;
        time.advance(Duration.ofMillis(50));
    }

    private void assertTaken(Command<?> command) {
        assertThatCode(() -> space.requireRoomFor(command)).doesNotThrowAnyException();
    }

    private void assertRefused(Command<?> command) {
        assertThatThrownBy(() -> space.requireRoomFor(command))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.NO_SPACE));
    }
}
