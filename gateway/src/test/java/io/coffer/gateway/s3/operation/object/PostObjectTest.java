package io.coffer.gateway.s3.operation.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a form's answer says that its object is. */
class PostObjectTest {
    private static final ObjectBody NOTHING = new ObjectBody() {
        @Override
        public long length() {
            return 0;
        }

        @Override
        public @Nullable ByteBuffer read() {
            return null;
        }

        @Override
        public @Nullable String trailer(String name) {
            return null;
        }
    };

    /** A write that answers as PutObject does. */
    private static final Operation WRITE = new Operation() {
        @Override
        public OperationSpec spec() {
            return new OperationSpec(
                    "Write", Route.of("PUT", Route.Kind.OBJECT), Set.of(), OperationSpec.BodyPolicy.DATA);
        }

        @Override
        public S3Response handle(S3Request request) {
            return S3Response.empty(200, Headers.of("ETag", "\"e\"", "x-amz-version-id", "v"));
        }
    };

    private static S3Response post(String host, Headers form) throws Exception {
        return new PostObject(WRITE)
                .handle(new S3Request(
                        "id",
                        "POST",
                        new Target.ObjectTarget("photos", "a/b c"),
                        QueryParameters.EMPTY,
                        form,
                        Identity.ANONYMOUS,
                        NOTHING,
                        host,
                        null,
                        InetSocketAddress.createUnresolved("client", 1),
                        0,
                        null,
                        Permit.ANY));
    }

    @ParameterizedTest
    @CsvSource({
        "http://store:9000, http://store:9000/photos/a%2Fb%20c",
        "https://photos.s3.example.org, https://photos.s3.example.org/a%2Fb%20c",
        "https://photosalbum.s3.example.org, https://photosalbum.s3.example.org/photos/a%2Fb%20c"
    })
    void theLocationIsInTheFormInWhichTheBucketWasAddressed(String host, String location) throws Exception {
        S3Response response = post(host, Headers.EMPTY);
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers().first("Location")).isEqualTo(location);
        assertThat(response.headers().first("ETag")).isEqualTo("\"e\"");
        assertThat(response.headers().first("x-amz-version-id")).isEqualTo("v");
    }

    @ParameterizedTest
    @CsvSource({
        "http://a.example/x, http://a.example/x?bucket=photos&key=a%2Fb%20c&etag=%22e%22",
        "HTTPS://a.example, HTTPS://a.example?bucket=photos&key=a%2Fb%20c&etag=%22e%22",
        "http://a.example/?x=y z, http://a.example/?x=y z&bucket=photos&key=a%2Fb%20c&etag=%22e%22"
    })
    void aBrowserIsSentOnWithWhatWasStored(String url, String location) throws Exception {
        S3Response response = post("http://store", Headers.of("success_action_redirect", url));
        assertThat(response.status()).isEqualTo(303);
        assertThat(response.headers().first("Location")).isEqualTo(location);
    }
}
