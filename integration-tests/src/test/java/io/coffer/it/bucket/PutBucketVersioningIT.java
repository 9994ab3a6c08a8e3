package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.MFADelete;

@ExtendWith(StoreExtension.class)
class PutBucketVersioningIT {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final Store store;
    private final String bucket;

    PutBucketVersioningIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void set(BucketVersioningStatus status) {
        store.s3().putBucketVersioning(put -> put.bucket(bucket).versioningConfiguration(v -> v.status(status)));
    }

    private BucketVersioningStatus status() {
        return store.s3().getBucketVersioning(get -> get.bucket(bucket)).status();
    }

    private RawResponse put(String document) {
        return store.request("PUT", "/" + bucket + "?versioning")
                .document(document)
                .send();
    }

    private String put(String key, String body) {
        return store.s3()
                .putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(body))
                .versionId();
    }

    @Test
    void itIsEnabledSuspendedAndEnabledAgain() {
        assertThat(status()).isNull();
        for (BucketVersioningStatus status : new BucketVersioningStatus[] {
            BucketVersioningStatus.ENABLED,
            BucketVersioningStatus.ENABLED,
            BucketVersioningStatus.SUSPENDED,
            BucketVersioningStatus.ENABLED
        }) {
            set(status);
            assertThat(status()).isEqualTo(status);
        }
    }

    @Test
    void aBucketCanBeginSuspended() {
        set(BucketVersioningStatus.SUSPENDED);
        assertThat(put("k", "1")).isNull();
        assertThat(put("k", "2")).isNull();
        assertThat(store.s3().listObjectVersions(list -> list.bucket(bucket)).versions())
                .hasSize(1);
    }

    @Test
    void eachStateTreatsVersionsItsWay() {
        assertThat(put("k", "before")).isNull();
        set(BucketVersioningStatus.ENABLED);
        String first = put("k", "first");
        String second = put("k", "second");
        assertThat(first).hasSize(32).isNotEqualTo(second);
        DeleteObjectResponse deleted =
                store.s3().deleteObject(delete -> delete.bucket(bucket).key("k"));
        assertThat(deleted.deleteMarker()).isTrue();
        assertThat(deleted.versionId()).hasSize(32);
        assertThat(read("k", "null")).isEqualTo("before");
        assertThat(read("k", first)).isEqualTo("first");

        set(BucketVersioningStatus.SUSPENDED);
        assertThat(put("k", "suspended")).as("only reads name the null version").isNull();
        assertThat(store.s3().headObject(head -> head.bucket(bucket).key("k")).versionId())
                .isEqualTo("null");
        assertThat(read("k", "null")).isEqualTo("suspended");
        assertThat(read("k", second)).isEqualTo("second");
        DeleteObjectResponse again =
                store.s3().deleteObject(delete -> delete.bucket(bucket).key("k"));
        assertThat(again.deleteMarker()).isTrue();
        assertThat(again.versionId()).as("takes the null version's place").isEqualTo("null");
        assertThat(read("k", first)).isEqualTo("first");
    }

    private String read(String key, String version) {
        return store.s3()
                .getObjectAsBytes(get -> get.bucket(bucket).key(key).versionId(version))
                .asUtf8String();
    }

    @ParameterizedTest
    @CsvSource({
        "<VersioningConfiguration/>, 400, IllegalVersioningConfigurationException",
        "<VersioningConfiguration><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>, 400, IllegalVersioningConfigurationException",
        "<VersioningConfiguration><Status/></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>enabled</Status></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Unversioned</Status></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Enabled</Status><Status>Enabled</Status></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Enabled</Status><Other/></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Maybe</MfaDelete></VersioningConfiguration>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>, 501, NotImplemented",
        "<Versioning><Status>Enabled</Status></Versioning>, 400, MalformedXML",
        "<VersioningConfiguration><Status>Enabled</Status>, 400, MalformedXML",
        "'', 400, MissingRequestBodyError",
    })
    void whatIsNoConfigurationIsRefusedAndChangesNothing(String document, int status, String code) {
        assertRefused(status, code, put(document));
        assertThat(status()).isNull();
    }

    @Test
    void mfaDeleteMayBeDisabled() {
        assertThat(put("<VersioningConfiguration xmlns=\"" + NAMESPACE
                                + "\"><MfaDelete>Disabled</MfaDelete><Status>Enabled</Status></VersioningConfiguration>")
                        .status())
                .isEqualTo(200);
        assertThat(status()).isEqualTo(BucketVersioningStatus.ENABLED);
        assertRefused(
                501,
                "NotImplemented",
                () -> store.s3()
                        .putBucketVersioning(put -> put.bucket(bucket)
                                .mfa("serial 123456")
                                .versioningConfiguration(v ->
                                        v.status(BucketVersioningStatus.ENABLED).mfaDelete(MFADelete.ENABLED))));
    }

    @Test
    void onlyWhatIsThereAndOnesOwnCanBeSet() {
        assertRefused(
                404,
                "NoSuchBucket",
                () -> store.s3()
                        .putBucketVersioning(put -> put.bucket(store.freshName())
                                .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED))));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .putBucketVersioning(put -> put.bucket(bucket)
                                .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED))));
        assertThat(status()).isNull();
    }
}
