package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.Permission;

@ExtendWith(StoreExtension.class)
class ObjectConfigurationReadIT {
    private final Store store;
    private final String bucket;

    ObjectConfigurationReadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(object -> object.bucket(bucket).key("k"), RequestBody.fromString("x"));
    }

    @Test
    void theOwnerMayDoEverything() {
        var acl = store.s3().getObjectAcl(get -> get.bucket(bucket).key("k"));
        assertThat(acl.grants()).hasSize(1);
        assertThat(acl.grants().getFirst().permission()).isEqualTo(Permission.FULL_CONTROL);
        assertThat(acl.grants().getFirst().grantee().id()).isEqualTo(acl.owner().id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"retention", "legal-hold"})
    void nothingIsLocked(String query) {
        RawResponse refused = assertRefused(
                400,
                "InvalidRequest",
                store.request("GET", "/" + bucket + "/k?" + query).send());
        assertThat(refused.element("Message")).isEqualTo("Bucket is missing Object Lock Configuration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acl", "retention", "legal-hold"})
    void theObjectMustBeThere(String query) {
        RawResponse refused = assertRefused(
                404,
                "NoSuchKey",
                store.request("GET", "/" + bucket + "/missing?" + query).send());
        assertThat(refused.element("Key")).isEqualTo("missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acl", "annotation", "renameObject", "encryption"})
    void settingThemIsNotOffered(String query) {
        assertRefused(
                501,
                "NotImplemented",
                store.request("PUT", "/" + bucket + "/k?" + query).body("<x/>").send());
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("x");
    }
}
