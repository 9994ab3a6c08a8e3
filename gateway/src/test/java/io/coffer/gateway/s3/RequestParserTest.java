package io.coffer.gateway.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.QueryParameters.Parameter;
import io.coffer.gateway.s3.operation.Target;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestParserTest {
    private final RequestParser parser = new RequestParser(List.of("example.com", "S3.Example.com"));

    private ParsedRequest parse(String host, String target) throws S3Exception {
        return parser.parse(new RequestHead(
                "GET",
                target,
                "HTTP/1.1",
                Headers.of("Host", host),
                InetSocketAddress.createUnresolved("client", 1),
                null));
    }

    private Target target(String target) throws S3Exception {
        return parse("localhost:9000", target).target();
    }

    @Test
    void aPathNamesTheServiceABucketOrAnObject() throws S3Exception {
        assertThat(target("/")).isEqualTo(new Target.Service());
        assertThat(target("/bucket")).isEqualTo(new Target.BucketTarget("bucket"));
        assertThat(target("/bucket/")).isEqualTo(new Target.BucketTarget("bucket"));
        assertThat(target("/bucket/key")).isEqualTo(new Target.ObjectTarget("bucket", "key"));
        assertThat(target("/?x-id=ListBuckets")).isEqualTo(new Target.Service());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a/b/c|a/b/c",
                "/|/",
                "//|//",
                "/a//b/|/a//b/",
                ".|.",
                "..|..",
                "a/../b|a/../b",
                "./a|./a",
                "%2e%2e/%2E|../.",
                "a%2Fb|a/b",
                "a+b|a+b",
                "a%2Bb|a+b",
                "a%20b |a b ",
                "a%25b|a%b",
                "a%2525b|a%25b",
                "%E2%82%AC|€",
                "%f0%9f%98%80|😀",
                "e%CC%81|e\u0301",
                "a;b&c=d,e|a;b&c=d,e",
                "a%3Fb%23c|a?b#c",
                "a#b|a#b",
                "%7F%01|\u007f\u0001",
            })
    void keysAreDecodedOnceAndNeverNormalised(String encoded, String key) throws S3Exception {
        assertThat(target("/bucket/" + encoded)).isEqualTo(new Target.ObjectTarget("bucket", key));
    }

    @Test
    void zeroBytesAndRawUtf8AreKeyBytesToo() throws S3Exception {
        assertThat(target("/bucket/a%00b")).isEqualTo(new Target.ObjectTarget("bucket", "a\0b"));
        String wire = new String("/bucket/é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(target(wire)).isEqualTo(new Target.ObjectTarget("bucket", "é"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/b/%",
                "/b/%4",
                "/b/%zz",
                "/b/%-1",
                "/b/a%2",
                "/b/%80",
                "/b/%C0%AF",
                "/b/%E0%80%AF",
                "/b/%ED%A0%80",
                "/b/%FF",
                "/b/%F5%80%80%80",
                "/b/%E2%82",
                "/b?prefix=%",
                "/b?prefix=%zz",
                "/b?%E2%28%A1=1",
                "",
                "*",
                "b/k",
                "http://host/b/k",
                "?acl"
            })
    void whatIsNoUriIsRefused(String target) {
        assertThatThrownBy(() -> target(target))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.INVALID_URI));
    }

    @Test
    void theQueryIsDecodedOnce() throws S3Exception {
        assertThat(parse("h", "/b?prefix=a+b%2Bc%20d&acl&x=&&delimiter=%2F&y=a=b")
                        .query()
                        .list())
                .containsExactly(
                        new Parameter("prefix", "a b+c d"),
                        new Parameter("acl", ""),
                        new Parameter("x", ""),
                        new Parameter("delimiter", "/"),
                        new Parameter("y", "a=b"));
        assertThat(parse("h", "/b?").query().list()).isEmpty();
        assertThat(parse("h", "/b/k?a?b=c").query().list()).containsExactly(new Parameter("a?b", "c"));
    }

    @Test
    void manyParametersAreRefused() {
        assertThatThrownBy(() -> target("/b?" + "a&".repeat(300))).isInstanceOf(S3Exception.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "bucket.s3.example.com, bucket",
                "Bucket.S3.EXAMPLE.COM:9000, bucket",
                "my.dotted.bucket.s3.example.com, my.dotted.bucket",
                "bucket.example.com, bucket",
                "s3.example.com, -",
                "example.com, -",
                "notexample.com, -",
                ".example.com, -",
                "example.com.evil.org, -",
                "127.0.0.1:9000, -",
                "[::1]:9000, -",
            })
    void theHostNamesABucketUnderABaseDomain(String host, String bucket) throws S3Exception {
        ParsedRequest parsed = parse(host, "/x/y");
        assertThat(parsed.hostBucket()).isEqualTo(bucket);
        assertThat(parsed.target())
                .isEqualTo(bucket == null ? new Target.ObjectTarget("x", "y") : new Target.ObjectTarget(bucket, "x/y"));
    }

    @Test
    void aHostBucketWithoutAPathIsTheBucket() throws S3Exception {
        assertThat(parse("b.s3.example.com", "/").target()).isEqualTo(new Target.BucketTarget("b"));
        assertThat(parse("b.s3.example.com", "//").target()).isEqualTo(new Target.ObjectTarget("b", "/"));
        assertThat(parse("b.s3.example.com", "/k").resource()).isEqualTo("/b/k");
    }
}
