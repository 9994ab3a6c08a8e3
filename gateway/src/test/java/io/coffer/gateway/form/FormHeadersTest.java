package io.coffer.gateway.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TaggingHeader;
import io.coffer.gateway.s3.header.UserMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormHeadersTest {
    private static final Headers NONE = Headers.EMPTY;

    private static Headers headers(Headers request, String... fields) throws S3Exception {
        FormFields.Builder form = new FormFields.Builder();
        for (int i = 0; i < fields.length; i += 2) {
            form.add(fields[i], fields[i + 1]);
        }
        return FormHeaders.of(request, form.build(null));
    }

    private static S3Error refusal(String name, String value) {
        try {
            throw new AssertionError(headers(NONE, name, value).toString());
        } catch (S3Exception e) {
            return e.error();
        }
    }

    @Test
    void fieldsBecomeTheHeadersThatTheyStandFor() throws S3Exception {
        Headers headers = headers(
                NONE,
                "key",
                "k",
                "acl",
                "public-read",
                "Content-Type",
                "text/plain",
                "x-amz-storage-class",
                "STANDARD_IA",
                "x-amz-server-side-encryption",
                "AES256",
                "x-amz-object-lock-mode",
                "COMPLIANCE",
                "success_action_status",
                "201",
                "policy",
                "p",
                "x-amz-signature",
                "s",
                "x-amz-date",
                "d",
                "x-ignore-me",
                "i",
                "submit",
                "go");
        assertThat(headers)
                .extracting(header -> header.name() + "=" + header.value())
                .containsExactly(
                        "x-amz-acl=public-read",
                        "content-type=text/plain",
                        "x-amz-storage-class=STANDARD_IA",
                        "x-amz-server-side-encryption=AES256",
                        "x-amz-object-lock-mode=COMPLIANCE",
                        "success_action_status=201",
                        "x-amz-date=d");
    }

    @Test
    void theRequestsOwnHeadersSayNothingOfTheObject() throws S3Exception {
        Headers request = Headers.of(
                "Host", "h",
                "Content-Type", "multipart/form-data; boundary=b",
                "Content-MD5", "ofTheWholeForm",
                "Cache-Control", "max-age=0",
                "x-amz-meta-a", "b",
                "x-amz-acl", "public-read",
                "x-amz-content-sha256", "ofTheWholeForm",
                "success_action_redirect", "http://elsewhere",
                "x-amz-expected-bucket-owner", "123456789012",
                "Origin", "http://site");
        assertThat(headers(request, "key", "k"))
                .extracting(header -> header.name())
                .containsExactly("Host", "x-amz-expected-bucket-owner", "Origin");
    }

    @Test
    void tagsComeAsADocument() throws S3Exception {
        String document = "<Tagging><TagSet><Tag><Key>a b/+</Key><Value>1=ä</Value></Tag>"
                + "<Tag><Key>c</Key><Value></Value></Tag></TagSet></Tagging>";
        assertThat(TaggingHeader.parse(headers(NONE, "tagging", document)).tags())
                .containsExactly(Map.entry("a b/+", "1=ä"), Map.entry("c", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "tagging, not XML, MALFORMED_XML",
        "tagging, <Tagged/>, MALFORMED_XML",
        "tagging, <Tagging><TagSet><Tag><Key>aws:a</Key><Value/></Tag></TagSet></Tagging>, INVALID_TAG",
        "x-amz-meta-a b, x, INVALID_ARGUMENT",
        "x-amz-meta-ä, x, INVALID_ARGUMENT",
        "'x-amz-meta-a:', x, INVALID_ARGUMENT",
        "x-amz-write-offset-bytes, 3, NOT_IMPLEMENTED"
    })
    void whatCannotBeIsRefused(String name, String value, S3Error error) {
        assertThat(refusal(name, value)).isEqualTo(error);
    }

    @Test
    void noFieldPutsALineIntoAnAnswer() {
        for (String name : new String[] {"Content-Type", "Content-Disposition", "success_action_redirect", "acl"}) {
            assertThat(refusal(name, "a\r\nSet-Cookie: b")).as(name).isEqualTo(S3Error.INVALID_ARGUMENT);
            assertThat(refusal(name, "a\0")).as(name).isEqualTo(S3Error.INVALID_ARGUMENT);
        }
    }

    @Test
    void metadataMayHaveAnyText() throws S3Exception {
        Headers headers = headers(NONE, "x-amz-meta-Text", "ÄMÄZÕÑ\r\nS3");
        assertThat(UserMetadata.parse(headers)).containsEntry("text", "ÄMÄZÕÑ\r\nS3");
        Headers.Builder answer = new Headers.Builder();
        UserMetadata.write(UserMetadata.parse(headers), answer);
        assertThat(answer.build().first("x-amz-meta-text")).startsWith("=?UTF-8?B?");
    }

    @Test
    void valuesAreBytesAsOnTheWire() throws S3Exception {
        String value = headers(NONE, "Content-Disposition", "filename=\"ü\"").first("content-disposition");
        assertThat(String.valueOf(value).getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo("filename=\"ü\"".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFieldAndTheHeaderItStandsForAreTwice() {
        try {
            throw new AssertionError(
                    headers(NONE, "acl", "private", "x-amz-acl", "public-read").toString());
        } catch (S3Exception e) {
            assertThat(e.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        }
    }
}
