package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadersTest {
    private static void assertError(S3Error error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static Function<String, @Nullable String> query(String name, String value) {
        return asked -> asked.equals(name) ? value : null;
    }

    /** A string as it arrives in a header: one character per byte. */
    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Headers written(Map<String, String> metadata) {
        Headers.Builder response = new Headers.Builder();
        UserMetadata.write(metadata, response);
        return response.build();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "gzip, gzip",
                "aws-chunked, -",
                "'aws-chunked,gzip', gzip",
                "'aws-chunked, gzip, br', 'gzip, br'",
                "'gzip, aws-chunked', gzip",
                "'gzip, br', 'gzip, br'",
                "'AWS-Chunked', -",
                "'', -"
            })
    void howABodyTravelledIsNotStored(String sent, @Nullable String stored) throws S3Exception {
        assertThat(ContentHeaders.parse(Headers.of("Content-Encoding", sent))
                        .headers()
                        .get("content-encoding"))
                .isEqualTo(stored);
    }

    @Test
    void userMetadataIsKeptByLowerCaseName() throws S3Exception {
        assertThat(UserMetadata.parse(Headers.of(
                        "X-Amz-Meta-Foo-Bar", "Value", "x-amz-meta-l", "1", "X-AMZ-META-L", "2", "x-amz-meta-", "no")))
                .isEqualTo(Map.of("foo-bar", "Value", "l", "1,2"));
    }

    @Test
    void userMetadataMayBeAnyText() throws S3Exception {
        Map<String, String> raw = UserMetadata.parse(Headers.of("x-amz-meta-k", wire("ÄMÄZÕÑ S3 😀")));
        assertThat(raw).isEqualTo(Map.of("k", "ÄMÄZÕÑ S3 😀"));
        String word = written(raw).first("x-amz-meta-k");
        assertThat(word).startsWith("=?UTF-8?B?").endsWith("?=");
        assertThat(UserMetadata.parse(Headers.of("x-amz-meta-k", word))).isEqualTo(raw);
        assertThat(UserMetadata.parse(Headers.of("x-amz-meta-k", "caf\u00e9"))).isEqualTo(Map.of("k", "café"));
    }

    @Test
    void encodedWordsAreDecoded() {
        assertThat(EncodedWords.decode("=?UTF-8?Q?caf=C3=A9_au_lait?=")).isEqualTo("café au lait");
        assertThat(EncodedWords.decode("x =?utf-8?b?w6k=?= =?ISO-8859-1?q?=E9?= y"))
                .isEqualTo("x éé y");
        assertThat(EncodedWords.decode("=?UTF-8?B?%%%?= =?nope?B?AAAA?= =?UTF-8?Q?=F?="))
                .isEqualTo("=?UTF-8?B?%%%?= =?nope?B?AAAA?= =?UTF-8?Q?=F?=");
        assertThat(EncodedWords.decode("=?UTF-8?B?/w==?=")).isEqualTo("=?UTF-8?B?/w==?=");
    }

    @Test
    void userMetadataIsBounded() throws S3Exception {
        assertThat(UserMetadata.parse(Headers.of("x-amz-meta-ab", "v".repeat(2046))))
                .hasSize(1);
        assertThatThrownBy(() -> UserMetadata.parse(Headers.of("x-amz-meta-ab", "v".repeat(2047))))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error()).isEqualTo(S3Error.METADATA_TOO_LARGE);
                    assertThat(e.details()).isEqualTo(Map.of("Size", "2049", "MaxSizeAllowed", "2048"));
                });
    }

    @Test
    void contentHeadersComeBack() throws S3Exception {
        ObjectAttributes attributes = ContentHeaders.parse(Headers.of(
                "Content-Type", "text/plain",
                "Content-Encoding", "aws-chunked,gzip",
                "Expires", "never",
                "X-Amz-Storage-Class", "STANDARD_IA",
                "Content-Length", "5",
                "x-amz-meta-a", "b"));
        assertThat(attributes.headers())
                .isEqualTo(Map.of(
                        "content-type", "text/plain",
                        "content-encoding", "gzip",
                        "expires", "never",
                        "x-amz-storage-class", "STANDARD_IA"));
        Headers.Builder response = new Headers.Builder();
        ContentHeaders.write(attributes, Map.of("expires", "soon", "cache-control", "no-cache"), response);
        assertThat(response.build())
                .hasToString(Headers.of(
                                "Content-Type", "text/plain",
                                "Cache-Control", "no-cache",
                                "Content-Encoding", "gzip",
                                "Expires", "soon",
                                "x-amz-storage-class", "STANDARD_IA",
                                "x-amz-meta-a", "b")
                        .toString());
    }

    @Test
    void whatSaysNothingIsNotStored() throws S3Exception {
        assertThat(ContentHeaders.parse(Headers.of(
                        "Content-Encoding", "aws-chunked", "x-amz-storage-class", "STANDARD", "Expires", "")))
                .isEqualTo(ObjectAttributes.EMPTY);
        Headers.Builder response = new Headers.Builder();
        ContentHeaders.write(ObjectAttributes.EMPTY, Map.of(), response);
        assertThat(response.build())
                .hasToString(Headers.of("Content-Type", "binary/octet-stream").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "standard", "x"})
    void storageClassesThatPromiseSomethingElseAreRefused(String storageClass) {
        assertError(
                S3Error.INVALID_STORAGE_CLASS,
                () -> ContentHeaders.parse(Headers.of("x-amz-storage-class", storageClass)));
    }

    @Test
    void redirectsMustBeLocations() throws S3Exception {
        assertThat(ContentHeaders.parse(Headers.of("x-amz-website-redirect-location", "/x"))
                        .headers())
                .containsEntry("x-amz-website-redirect-location", "/x");
        assertError(
                S3Error.INVALID_REDIRECT_LOCATION,
                () -> ContentHeaders.parse(Headers.of("x-amz-website-redirect-location", "x")));
    }

    @Test
    void copiesTakeStorageClassAndRedirectFromTheRequest() throws S3Exception {
        ObjectAttributes source = ContentHeaders.parse(Headers.of(
                "Content-Type", "a/b", "x-amz-storage-class", "ONEZONE_IA", "x-amz-website-redirect-location", "/x"));
        ObjectAttributes request =
                ContentHeaders.parse(Headers.of("Content-Type", "c/d", "x-amz-storage-class", "GLACIER_IR"));
        assertThat(ContentHeaders.copied(source, request).headers())
                .isEqualTo(Map.of("content-type", "a/b", "x-amz-storage-class", "GLACIER_IR"));
    }

    @ParameterizedTest
    @CsvSource({
        "b/k,b,k,",
        "/b/k,b,k,",
        "/b/a%20b%2Fc%3F+d,b,a b/c?+d,",
        "b//k,b,/k,",
        "b/k?versionId=null,b,k,null",
        "b/k%3FversionId=x,b,k?versionId=x,",
    })
    void copySourcesAreEncodedPaths(String header, String bucket, String key, String version) throws S3Exception {
        assertThat(CopySource.parse(header)).isEqualTo(new CopySource(bucket, key, version));
    }

    @Test
    void copySourcesMayBeRawUtf8() throws S3Exception {
        assertThat(CopySource.parse(wire("b/ä")).key()).isEqualTo("ä");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "b", "b/", "/b/", "//k", "b/%", "b/%zz", "b/%ff", "b/k?versionId="})
    void copySourcesMustNameAnObject(String header) {
        assertError(S3Error.INVALID_ARGUMENT, () -> CopySource.parse(header));
    }

    @Test
    void copySourceRangesAreExact() throws S3Exception {
        assertThat(CopySource.Range.parse("bytes=0-9").length()).isEqualTo(10);
        for (String wrong : List.of("0-8", "bytes=-2", "bytes=1-", "bytes=3-1", "bytes=0-1,3-4", "bytes=-")) {
            assertError(S3Error.INVALID_ARGUMENT, () -> CopySource.Range.parse(wrong));
        }
    }

    @Test
    void versionsAreNamedByIdOrNull() throws S3Exception {
        assertThat(VersionIds.of(null)).isEqualTo(VersionSelector.LATEST);
        assertThat(VersionIds.of("null")).isEqualTo(VersionSelector.NULL);
        assertError(S3Error.INVALID_ARGUMENT, () -> VersionIds.of(""));
        assertError(S3Error.INVALID_ARGUMENT, () -> VersionIds.of("HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"));
    }

    @Test
    void onlySignedRequestsOverrideHeaders() throws S3Exception {
        assertThat(ResponseOverrides.parse(query("response-content-type", "a/b"), true))
                .isEqualTo(Map.of("content-type", "a/b"));
        assertError(S3Error.INVALID_REQUEST, () -> ResponseOverrides.parse(query("response-expires", "x"), false));
        assertError(S3Error.INVALID_ARGUMENT, () -> ResponseOverrides.parse(query("response-expires", "a\r\nb"), true));
        assertError(S3Error.INVALID_ARGUMENT, () -> ResponseOverrides.parse(query("response-expires", "—"), true));
    }

    @Test
    void keysAreBoundedInBytes() throws S3Exception {
        Keys.check("k".repeat(1024));
        Keys.check("ä".repeat(512));
        assertError(S3Error.KEY_TOO_LONG, () -> Keys.check("k".repeat(1025)));
        assertError(S3Error.KEY_TOO_LONG, () -> Keys.check("ä".repeat(512) + "k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a.b.c", "my-bucket-1", "1.2.3", "a-.b"})
    void bucketNamesFollowAmazonsRules(String name) {
        assertThat(BucketNames.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Abc",
                "a_b",
                "-ab",
                "ab-",
                ".ab",
                "ab.",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "sthree-abc",
                "amzn-s3-demo-abc",
                "abc-s3alias",
                "abc--ol-s3",
                "abc.mrap",
                "abc--x-s3",
                "abc--table-s3",
                "a b",
                "ä23"
            })
    void otherBucketNamesAreRefused(String name) {
        assertThat(BucketNames.isValid(name)).isFalse();
        assertThat(BucketNames.isValid("a".repeat(63))).isTrue();
        assertThat(BucketNames.isValid("a".repeat(64))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-write-offset-bytes, 0, NOT_IMPLEMENTED",
        "x-amz-checksum-sha512, x, NOT_IMPLEMENTED",
    })
    void promisesThatCannotBeKeptAreRefused(String header, String value, S3Error error) {
        assertError(error, () -> UnofferedHeaders.refuse(Headers.of("Host", "h", header, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl,private",
        "x-amz-acl,bucket-owner-full-control",
        "x-amz-tagging,''",
        "x-amz-tagging,a=b",
        "x-amz-bucket-object-lock-enabled,false",
        "x-amz-object-ownership,BucketOwnerEnforced",
        "x-amz-anything-else,x",
        "x-amz-meta-server-side-encryption,x",
    })
    void otherHeadersAreTaken(String header, String value) throws S3Exception {
        UnofferedHeaders.refuse(Headers.of(header, value));
    }
}
