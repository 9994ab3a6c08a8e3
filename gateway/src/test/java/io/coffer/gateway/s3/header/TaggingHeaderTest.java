package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaggingHeaderTest {
    private static Map<String, String> parse(String value) throws S3Exception {
        return TaggingHeader.parse(Headers.of(TaggingHeader.HEADER, value)).tags();
    }

    @Test
    void tagsAreTheParametersOfAQuery() throws S3Exception {
        assertThat(TaggingHeader.parse(Headers.EMPTY).tags()).isEmpty();
        assertThat(parse("")).isEmpty();
        assertThat(parse("a=1&b=&c&d+e=f%20g&%C3%A9=%2B%3D=x"))
                .containsExactly(
                        entry("a", "1"), entry("b", ""), entry("c", ""), entry("d e", "f g"), entry("é", "+==x"));
    }

    @ParameterizedTest
    @CsvSource({
        "a=1&a=2, INVALID_ARGUMENT",
        "a=%, INVALID_ARGUMENT",
        "a=%C3, INVALID_ARGUMENT",
        "a=1&, INVALID_TAG",
        "=1, INVALID_TAG",
        "a%00=1, INVALID_TAG",
        "a=%26, INVALID_TAG",
        "aws:a=1, INVALID_TAG",
        "AWS:a=1, INVALID_TAG",
    })
    void whatIsNoTagIsRefused(String value, S3Error error) {
        assertThatThrownBy(() -> parse(value))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void tenAreEnough() throws S3Exception {
        assertThat(parse(many(10))).hasSize(10);
        assertThatThrownBy(() -> parse(many(11)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.BAD_REQUEST))
                .hasMessage("Object tags cannot be greater than 10");
    }

    private static String many(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining("&"));
    }
}
