package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.s3.header.RequestedRange.Slice;
import io.coffer.gateway.s3.header.RequestedRange.Suffix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedRangeTest {
    @Test
    void readsOneRange() {
        assertThat(RequestedRange.parse("bytes=0-0")).contains(new Slice(0, 0));
        assertThat(RequestedRange.parse("bytes=2-9")).contains(new Slice(2, 9));
        assertThat(RequestedRange.parse("Bytes = 2 - 9 ")).contains(new Slice(2, 9));
        assertThat(RequestedRange.parse("bytes=5-")).contains(new Slice(5, Long.MAX_VALUE));
        assertThat(RequestedRange.parse("bytes=-5")).contains(new Suffix(5));
        assertThat(RequestedRange.parse("bytes=-0")).contains(new Suffix(0));
    }

    @Test
    void takesNumbersBeyondLongsAsTheLargest() {
        assertThat(RequestedRange.parse("bytes=0-9223372036854775808")).contains(new Slice(0, Long.MAX_VALUE));
        assertThat(RequestedRange.parse("bytes=99999999999999999999-"))
                .contains(new Slice(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(RequestedRange.parse("bytes=-99999999999999999999")).contains(new Suffix(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=3-2",
                "bytes=0-1,3-4",
                "items=0-1",
                "bytes=+1-2",
                "bytes=1--2",
                "0-1",
                "bytes=--1"
            })
    void ignoresWhatIsNoSingleRange(String header) {
        assertThat(RequestedRange.parse(header)).isEmpty();
    }
}
