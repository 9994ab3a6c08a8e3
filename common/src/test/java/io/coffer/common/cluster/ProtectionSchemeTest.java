package io.coffer.common.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionSchemeTest {
    @ParameterizedTest
    @CsvSource({
        "replica-1,1,1",
        "replica-2,2,2",
        "replica-3,3,2",
        "replica-5,5,3",
        "ec-4+2,6,5",
        "ec-2+1,3,3",
        "ec-8+4,12,10"
    })
    void knowsItsWidthAndItsWriteQuorum(String text, int width, int quorum) {
        ProtectionScheme scheme = ProtectionScheme.parse(text);
        assertThat(scheme.width()).isEqualTo(width);
        assertThat(scheme.writeQuorum()).isEqualTo(quorum);
        assertThat(scheme).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "replica-",
                "replica-0",
                "replica-6",
                "replica-x",
                "ec-4",
                "ec-1+1",
                "ec-4+0",
                "ec-30+3",
                "mirror-2"
            })
    void refusesWhatIsNoScheme(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ProtectionScheme.parse(text));
    }

    @Test
    void aVolumeHasAsManyMembersAsItsSchemeWants() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Volume(
                        new io.coffer.common.id.VolumeId(1),
                        1,
                        "p",
                        ProtectionScheme.parse("replica-2"),
                        Volume.State.OPEN,
                        java.util.List.of()));
    }
}
