package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.metadata.Encryption;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.EncryptionHeaders.Wish;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The forms of the headers; what is wrong with them is in the tables of the integration tests. */
class EncryptionHeadersTest {
    private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private static final String MD5 = "KYvwGXoFFJ42a2u2GDWhwQ==";
    private static final String PREFIX = "X-Amz-Server-Side-Encryption-Customer-";
    private static final Headers CUSTOMERS =
            Headers.of(PREFIX + "Algorithm", "AES256", PREFIX + "Key", KEY, PREFIX + "Key-Md5", MD5);

    private static Wish wish(String... headers) throws S3Exception {
        return EncryptionHeaders.parse(Headers.of(headers), true);
    }

    @Test
    void mostRequestsWishNothing() throws S3Exception {
        assertThat(wish("Host", "h", "x-amz-meta-server-side-encryption", "AES256"))
                .isEqualTo(new Wish.Nothing());
        assertThat(EncryptionHeaders.any(Headers.of("x-amz-server-side", "x"))).isFalse();
        assertThat(EncryptionHeaders.any(CUSTOMERS)).isTrue();
    }

    @Test
    void methodsAreTold() throws S3Exception {
        assertThat(wish("x-amz-server-side-encryption", "AES256")).isEqualTo(new Wish.StoreKey());
        assertThat(wish("x-amz-server-side-encryption", "aws:kms")).isEqualTo(new Wish.ManagedKey(null, "", null));
        assertThat(wish(
                        "x-amz-server-side-encryption",
                        "aws:kms",
                        "x-amz-server-side-encryption-aws-kms-key-id",
                        "alias/k",
                        "x-amz-server-side-encryption-bucket-key-enabled",
                        "True"))
                .isEqualTo(new Wish.ManagedKey("alias/k", "", true));
        assertThat(EncryptionHeaders.parse(CUSTOMERS, true))
                .isInstanceOfSatisfying(
                        Wish.CustomersKey.class,
                        wish -> assertThat(wish.key().bytes())
                                .asString()
                                .isEqualTo("01234567890123456789012345678901"));
    }

    @Test
    void customersKeysDoNotTravelInTheOpen() {
        assertThatThrownBy(() -> EncryptionHeaders.parse(CUSTOMERS, false))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error()).isEqualTo(S3Error.INVALID_REQUEST);
                    assertThat(e).hasMessageContaining("must be made over a secure connection");
                });
    }

    @Test
    void aKeyIsNeverShown() throws S3Exception {
        assertThat(String.valueOf(CustomerKey.parse(CUSTOMERS, CustomerKey.Place.TARGET, true)))
                .doesNotContain(KEY)
                .doesNotContain("0123456789");
        assertThat(CustomerKey.parse(CUSTOMERS, CustomerKey.Place.SOURCE, false))
                .isNull();
    }

    @Test
    void readersAreToldWhatIsTrue() {
        Headers.Builder response = new Headers.Builder();
        EncryptionHeaders.write(null, response);
        EncryptionHeaders.write(
                new Encryption(Encryption.Method.CUSTOMER_KEY, "", "", false, ByteBuffer.allocate(1)), response);
        assertThat(response.build()).isEmpty();
        EncryptionHeaders.write(
                new Encryption(Encryption.Method.MANAGED_KEY, "arn", "{}", true, ByteBuffer.allocate(0)), response);
        Headers told = response.build();
        assertThat(told.first("x-amz-server-side-encryption")).isEqualTo("aws:kms");
        assertThat(told.first("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("arn");
        assertThat(told.first("x-amz-server-side-encryption-bucket-key-enabled"))
                .isEqualTo("true");
    }
}
