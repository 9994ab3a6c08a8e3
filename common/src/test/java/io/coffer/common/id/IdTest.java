package io.coffer.common.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTest {
    @Test
    void anExtentIdCarriesItsBirthAndSurvivesItsText() {
        ExtentId id = ExtentId.create(1_700_000_000_123L, new Random(1));
        assertThat(id.birthMillis()).isEqualTo(1_700_000_000_123L);
        assertThat(ExtentId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void idsSortByBirthAsNumbersAndAsText() {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            RequestId early = RequestId.create(1_000_000 + i, random);
            RequestId late = RequestId.create(1_000_001 + i, random);
            assertThat(early).isLessThan(late);
            assertThat(early.toString()).isLessThan(late.toString());
        }
    }

    @Test
    void textThatIsNoIdIsRefused() {
        for (String text :
                new String[] {"", "xyz", "0".repeat(31), "0".repeat(33), "g" + "0".repeat(31), "A" + "0".repeat(31)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> UploadId.parse(text));
        }
    }

    @Test
    void aVersionIdHas32CharactersAndSurvivesThem() {
        VersionId id = new VersionId(1_763_000_000_000_001L);
        assertThat(id.toString()).hasSize(32);
        assertThat(VersionId.parse(id.toString())).isEqualTo(id);
        for (String text : new String[] {
            "null", "", id + "0", id.toString().toUpperCase(java.util.Locale.ROOT), "cv10000000000000ffffffffffffffff"
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> VersionId.parse(text));
        }
    }
}
