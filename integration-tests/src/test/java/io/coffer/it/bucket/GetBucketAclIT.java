package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

@ExtendWith(StoreExtension.class)
class GetBucketAclIT {
    private final Store store;

    GetBucketAclIT(Store store) {
        this.store = store;
    }

    @Test
    void theOwnerMayDoEverything() {
        String bucket = store.newBucket();
        var acl = store.s3().getBucketAcl(get -> get.bucket(bucket));
        assertThat(acl.owner().id()).isEqualTo(store.canonicalId());
        assertThat(acl.grants()).hasSize(1);
        assertThat(acl.grants().getFirst().permission()).isEqualTo(Permission.FULL_CONTROL);
        assertThat(acl.grants().getFirst().grantee().id()).isEqualTo(acl.owner().id());
    }

    @Test
    void grantsToGroupsAreTold() {
        String bucket = store.freshName();
        store.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
        store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ));
        Grant grant =
                store.s3().getBucketAcl(get -> get.bucket(bucket)).grants().get(1);
        assertThat(grant.permission()).isEqualTo(Permission.READ);
        assertThat(grant.grantee().type()).isEqualTo(Type.GROUP);
        assertThat(grant.grantee().uri()).isEqualTo("http://acs.amazonaws.com/groups/global/AllUsers");
    }

    @Test
    void othersCanNot() {
        String bucket = store.newBucket();
        try (Store other = store.newAccount()) {
            assertRefused(403, "AccessDenied", () -> other.s3().getBucketAcl(get -> get.bucket(bucket)));
        }
    }
}
