package io.coffer.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestSignerTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** From Amazon's page on signature version 4. */
    @ParameterizedTest
    @CsvSource({
        "lifecycle=, fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "max-keys=2&prefix=J, 34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    })
    void amazonsExamplesAreSignedAlike(String query, String signature) {
        RequestSigner signer = new RequestSigner(
                new BenchSettings.Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
                "us-east-1",
                "examplebucket.s3.amazonaws.com");
        String headers = signer.headers("GET", "/", query, EMPTY, "", Instant.parse("2013-05-24T00:00:00Z"));
        assertThat(headers)
                .contains("x-amz-date: 20130524T000000Z\r\n")
                .contains("Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ")
                .endsWith("Signature=" + signature + "\r\n");
    }

    @Test
    void pathsKeepTheirSlashes() {
        assertThat(RequestSigner.encode("a b/\u00e9~", true)).isEqualTo("a%20b/%C3%A9~");
        assertThat(RequestSigner.encode("a/b", false)).isEqualTo("a%2Fb");
    }
}
