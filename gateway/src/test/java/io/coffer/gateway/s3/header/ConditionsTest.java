package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.ReadConditions.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    /** The object was modified within this second. */
    private static final String THEN = "Sun, 06 Nov 1994 08:49:37 GMT";

    private static final long MODIFIED_MILLIS = 784_111_777_500L;
    private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";

    private static Outcome check(String... headers) {
        return ReadConditions.of(Headers.of(headers)).check("abc", MODIFIED_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "abc", "*", "\"x\", \"abc\"", "\"a,b\",\"abc\"", "W/\"x\", \"abc\""})
    void ifMatchHolds(String tags) {
        assertThat(check("If-Match", tags)).isEqualTo(Outcome.HOLDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "x", "W/\"abc\"", "", "\"abc", "abc\"x", "\"x\" , \"y\""})
    void ifMatchFails(String tags) {
        // An unterminated quote is taken as closed at the end.
        Outcome expected = tags.equals("\"abc") ? Outcome.HOLDS : new Outcome.Failed("If-Match");
        assertThat(check("if-match", tags)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "abc", "*", "W/\"abc\"", "\"x\",\"abc\""})
    void ifNoneMatchSaysNotModified(String tags) {
        assertThat(check("If-None-Match", tags)).isEqualTo(new Outcome.NotModified("If-None-Match"));
        assertThat(check("If-None-Match", "\"other\"")).isEqualTo(Outcome.HOLDS);
    }

    @Test
    void datesAreComparedInSeconds() {
        assertThat(check("If-Modified-Since", THEN)).isEqualTo(new Outcome.NotModified("If-Modified-Since"));
        assertThat(check("If-Modified-Since", BEFORE)).isEqualTo(Outcome.HOLDS);
        assertThat(check("If-Unmodified-Since", THEN)).isEqualTo(Outcome.HOLDS);
        assertThat(check("If-Unmodified-Since", BEFORE)).isEqualTo(new Outcome.Failed("If-Unmodified-Since"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match           | \"abc\" | If-Unmodified-Since | " + BEFORE + " | holds",
                "If-Match           | \"x\"   | If-Unmodified-Since | " + THEN + " | failed",
                "If-None-Match      | \"x\"   | If-Modified-Since   | " + THEN + " | holds",
                "If-None-Match      | \"abc\" | If-Modified-Since   | " + BEFORE + " | not modified",
                "If-Match           | \"abc\" | If-None-Match       | \"abc\" | not modified",
                "If-Match           | \"x\"   | If-None-Match       | \"abc\" | failed",
                "If-Unmodified-Since| " + BEFORE + " | If-Modified-Since | " + THEN + " | failed",
                "If-Modified-Since  | nonsense | If-Unmodified-Since | nonsense | holds",
            })
    void tagsComeBeforeDates(String one, String first, String two, String second, String expected) {
        String outcome = switch (check(one, first, two, second)) {
            case Outcome.Holds() -> "holds";
            case Outcome.NotModified(String condition) -> "not modified";
            case Outcome.Failed(String condition) -> "failed";
        };
        assertThat(outcome).isEqualTo(expected);
    }

    @Test
    void copySourcesHaveHeadersOfTheirOwn() {
        ReadConditions conditions =
                ReadConditions.ofCopySource(Headers.of("If-Match", "x", "x-amz-copy-source-if-none-match", "\"abc\""));
        assertThat(conditions.check("abc", 0)).isEqualTo(new Outcome.NotModified("x-amz-copy-source-If-None-Match"));
    }

    @Test
    void writesTakeOneTagOrAStar() throws S3Exception {
        assertThat(WriteConditions.ofWrite(Headers.EMPTY)).isEqualTo(WriteCondition.NONE);
        assertThat(WriteConditions.ofWrite(Headers.of("If-None-Match", "*")))
                .isEqualTo(new WriteCondition(List.of(), List.of("*")));
        assertThat(WriteConditions.ofWrite(Headers.of("If-Match", "\"abc\"")))
                .isEqualTo(new WriteCondition(List.of("abc"), List.of()));
        assertThat(WriteConditions.ofDelete(Headers.of("If-Match", "*")))
                .isEqualTo(new WriteCondition(List.of("*"), List.of()));
    }

    @Test
    void aWriteWithAnUnusableTagMatchesNothing() throws S3Exception {
        assertThat(WriteConditions.ofWrite(Headers.of("If-Match", "")).ifMatch())
                .containsExactly("");
        assertThat(WriteConditions.ofWrite(Headers.of("If-Match", "W/\"abc\"")).ifMatch())
                .containsExactly("");
    }

    @ParameterizedTest
    @CsvSource({"If-None-Match,abc", "If-Match,*"})
    void writesRefuseWhatAmazonRefuses(String header, String value) {
        assertThatThrownBy(() -> WriteConditions.ofWrite(Headers.of(header, value)))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error()).isEqualTo(S3Error.NOT_IMPLEMENTED);
                    assertThat(e.details()).containsEntry("Header", header);
                });
        assertThatThrownBy(() -> WriteConditions.ofWrite(Headers.of("If-Match", "a", "If-None-Match", "*")))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.details()).containsEntry("Header", "If-Match,If-None-Match"));
    }

    @Test
    void namesTheConditionThatFailed() throws S3Exception {
        assertThat(WriteConditions.failed(WriteConditions.ofWrite(Headers.of("If-Match", "a")))
                        .details())
                .containsEntry("Condition", "If-Match");
        assertThat(WriteConditions.failed(WriteConditions.ofWrite(Headers.of("If-None-Match", "*")))
                        .details())
                .containsEntry("Condition", "If-None-Match");
    }
}
