package io.coffer.gateway.auth;

import static io.coffer.gateway.auth.AuthFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CanonicalRequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "/bucket/a b+c|/bucket/a%20b%2Bc",
                "/bucket//a/./../b|/bucket//a/./../b",
                "/bucket/é/😀|/bucket/%C3%A9/%F0%9F%98%80",
                "/bucket/~-._!*'();:@&=$,?%#[]|/bucket/~-._%21%2A%27%28%29%3B%3A%40%26%3D%24%2C%3F%25%23%5B%5D",
            })
    void pathsAreEncodedOnceAndNeverNormalised(String path, String canonical) {
        assertThat(CanonicalRequest.of(request("GET", path, Headers.EMPTY), List.of(), "p"))
                .isEqualTo("GET\n" + canonical + "\n\n\n\np");
    }

    @Test
    void parametersAreSortedByEncodedNameThenValue() {
        String canonical = CanonicalRequest.of(
                request(
                        "GET",
                        "/",
                        Headers.EMPTY,
                        "b",
                        "2",
                        "a",
                        "z",
                        "a",
                        "b/c",
                        "A",
                        "",
                        "ä",
                        "1",
                        "X-Amz-Signature",
                        "gone",
                        "b",
                        "10"),
                List.of(),
                "p");

        assertThat(canonical).isEqualTo("GET\n/\n%C3%A4=1&A=&a=b%2Fc&a=z&b=10&b=2\n\n\np");
    }

    @Test
    void headersAreFoldedAndJoined() {
        Headers headers = Headers.of("X-B", "a   b\t\tc", "x-a", "1", "X-A", "2  3", "other", "x");
        assertThat(CanonicalRequest.of(request("GET", "/", headers), List.of("x-a", "x-absent", "x-b"), "p"))
                .isEqualTo("GET\n/\n\nx-a:1,2 3\nx-absent:\nx-b:a b c\n\nx-a;x-absent;x-b\np");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20130524T000000Z",
                "Fri, 24 May 2013 00:00:00 GMT",
                "Fri, 24 May 2013 02:00:00 +0200",
                "Friday, 24-May-13 00:00:00 GMT",
                "Fri May 24 00:00:00 2013",
                "2013-05-24T00:00:00Z",
                "2013-05-24T00:00:00.000Z",
                "2013-05-24T01:00:00+01:00"
            })
    void timeHasManySpellings(String spelling) {
        assertThat(SignatureTime.parse(spelling))
                .hasValue(Instant.parse("2013-05-24T00:00:00Z").toEpochMilli());
    }

    @Test
    void asctimePadsTheDayWithASpace() {
        assertThat(SignatureTime.parse("Sun May  5 01:02:03 2013"))
                .hasValue(Instant.parse("2013-05-05T01:02:03Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2013",
                "20130524T000000",
                "20131324T000000Z",
                "20130230T000000Z",
                "20130524T240000Z",
                "２０130524T000000Z"
            })
    void otherTextIsNoTime(String text) {
        assertThat(SignatureTime.parse(text)).isEmpty();
    }

    @Test
    void basicTimeIsWrittenAsItIsRead() {
        for (String time : List.of("20130524T000000Z", "19700101T000000Z", "20240229T235959Z", "20991231T010203Z")) {
            assertThat(SignatureTime.isoBasic(SignatureTime.parseIsoBasic(time).orElseThrow()))
                    .isEqualTo(time);
        }
    }
}
