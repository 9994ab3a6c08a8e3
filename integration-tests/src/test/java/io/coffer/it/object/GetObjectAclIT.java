package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Permission;

@ExtendWith(StoreExtension.class)
class GetObjectAclIT {
    private final Store store;
    private final String bucket;

    GetObjectAclIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
    }

    @Test
    void theOwnerMayDoEverything() {
        var acl = store.s3().getObjectAcl(get -> get.bucket(bucket).key("k"));
        assertThat(acl.grants()).hasSize(1);
        assertThat(acl.grants().getFirst().permission()).isEqualTo(Permission.FULL_CONTROL);
        assertThat(acl.grants().getFirst().grantee().id()).isEqualTo(acl.owner().id());
    }

    @Test
    void whatWasGrantedIsTold() {
        String other = store.freshName();
        store.s3().createBucket(create -> create.bucket(other).objectOwnership(ObjectOwnership.OBJECT_WRITER));
        String me = store.canonicalId();
        store.s3()
                .putObject(
                        put -> put.bucket(other).key("k").grantRead("id=" + me).grantReadACP("id=" + me),
                        RequestBody.fromString("x"));
        var acl = store.s3().getObjectAcl(get -> get.bucket(other).key("k"));
        assertThat(acl.owner().id()).isEqualTo(me);
        assertThat(acl.grants())
                .extracting(grant -> grant.permission())
                .containsExactly(Permission.READ, Permission.READ_ACP);
    }

    @Test
    void theObjectMustBeThere() {
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3().getObjectAcl(get -> get.bucket(bucket).key("missing")));
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "/k?acl&versionId=x").send());
    }
}
