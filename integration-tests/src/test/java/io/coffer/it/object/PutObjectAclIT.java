package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

@ExtendWith(StoreExtension.class)
class PutObjectAclIT {
    private final Store store;
    private final String bucket;

    PutObjectAclIT(Store store) {
        this.store = store;
        this.bucket = store.freshName();
        store.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
    }

    private int anonymous(String target) {
        return store.request("GET", "/" + bucket + target).anonymous().send().status();
    }

    @Test
    void aListLetsOthersReadOneObjectOnly() {
        store.s3().putObject(put -> put.bucket(bucket).key("l"), RequestBody.fromString("y"));
        assertThat(anonymous("/k")).isEqualTo(403);
        store.s3().putObjectAcl(put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ));
        assertThat(anonymous("/k")).isEqualTo(200);
        assertThat(anonymous("/k?acl")).isEqualTo(403);
        assertThat(anonymous("/l")).isEqualTo(403);
        store.s3().putObjectAcl(put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PRIVATE));
        assertThat(anonymous("/k")).isEqualTo(403);
    }

    @Test
    void aWriteAndACopyHaveListsOfTheirOwn() {
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromString("z"));
        assertThat(anonymous("/k")).isEqualTo(200);
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey("private"));
        assertThat(anonymous("/private")).isEqualTo(403);
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("private")
                        .destinationBucket(bucket)
                        .destinationKey("public")
                        .acl(ObjectCannedACL.PUBLIC_READ));
        assertThat(anonymous("/public")).isEqualTo(200);
        String upload = store.s3()
                .createMultipartUpload(
                        create -> create.bucket(bucket).key("parts").acl(ObjectCannedACL.PUBLIC_READ))
                .uploadId();
        String etag = store.s3()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("p"))
                .eTag();
        store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("parts")
                        .uploadId(upload)
                        .multipartUpload(m -> m.parts(p -> p.partNumber(1).eTag(etag))));
        assertThat(anonymous("/parts")).isEqualTo(200);
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("z"));
        assertThat(anonymous("/k")).isEqualTo(403);
    }

    @Test
    void whoMayChangeTheListMay() {
        try (Store friend = store.newAccount()) {
            String id = friend.canonicalId();
            store.s3()
                    .putObjectAcl(put -> put.bucket(bucket)
                            .key("k")
                            .accessControlPolicy(acl -> acl.owner(o -> o.id(store.canonicalId()))
                                    .grants(grant -> grant.permission(Permission.WRITE_ACP)
                                            .grantee(g ->
                                                    g.type(Type.CANONICAL_USER).id(id)))));
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> friend.s3().getObjectAsBytes(get -> get.bucket(bucket).key("k")));
            friend.s3().putObjectAcl(put -> put.bucket(bucket).key("k").grantRead("id=" + id));
            friend.s3().getObjectAsBytes(get -> get.bucket(bucket).key("k"));
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> friend.s3()
                            .putObjectAcl(put -> put.bucket(bucket).key("k").grantRead("id=" + id)));
        }
    }

    @Test
    void eachVersionHasItsOwn() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = store.s3()
                .putObject(put -> put.bucket(bucket).key("v"), RequestBody.fromString("1"))
                .versionId();
        String second = store.s3()
                .putObject(put -> put.bucket(bucket).key("v"), RequestBody.fromString("2"))
                .versionId();
        store.s3()
                .putObjectAcl(
                        put -> put.bucket(bucket).key("v").versionId(first).acl(ObjectCannedACL.PUBLIC_READ));
        assertThat(anonymous("/v?versionId=" + first)).isEqualTo(200);
        assertThat(anonymous("/v?versionId=" + second)).isEqualTo(403);
        assertThat(anonymous("/v")).isEqualTo(403);
    }

    @Test
    void itIsRefusedWhereThereAreNone() {
        String plain = store.newBucket();
        store.s3().putObject(put -> put.bucket(plain).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "AccessControlListNotSupported",
                () -> store.s3().putObjectAcl(put -> put.bucket(plain).key("k").acl(ObjectCannedACL.PUBLIC_READ)));
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3()
                        .putObjectAcl(put -> put.bucket(bucket).key("missing").acl(ObjectCannedACL.PRIVATE)));
        assertRefused(
                400,
                "MalformedACLError",
                store.request("PUT", "/" + bucket + "/k?acl").document("<x/>").send());
    }
}
