package io.coffer.it.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What tests of operations say often. */
public final class S3Assertions {
    private S3Assertions() {}

    /** The call fails with this code and status. */
    public static S3Exception assertRefused(int status, String code, ThrowingCallable call) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, call);
        assertThat(refused).as("refused").isNotNull();
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.requestId()).isNotBlank();
        return refused;
    }

    /** The response is an error document of this code and status. */
    public static RawResponse assertRefused(int status, String code, RawResponse response) {
        assertThat(response.code()).as(response.toString()).isEqualTo(code);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.element("RequestId")).isEqualTo(response.header("x-amz-request-id"));
        assertThat(response.element("HostId")).isEqualTo(response.header("x-amz-id-2"));
        assertThat(response.header("content-type")).isEqualTo("application/xml");
        return response;
    }
}
