package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Type;

@ExtendWith(StoreExtension.class)
class PutBucketAclIT {
    private final Store store;
    private final String bucket;

    PutBucketAclIT(Store store) {
        this.store = store;
        this.bucket = store.freshName();
        store.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
    }

    @Test
    void aCannedListLetsOthersInAndOutAgain() {
        try (Store friend = store.newAccount()) {
            store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.AUTHENTICATED_READ));
            friend.s3().listObjectsV2(list -> list.bucket(bucket));
            assertThat(store.request("GET", "/" + bucket).anonymous().send().status())
                    .isEqualTo(403);
            store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ_WRITE));
            assertThat(store.request("GET", "/" + bucket).anonymous().send().status())
                    .isEqualTo(200);
            assertThat(store.request("PUT", "/" + bucket + "/k")
                            .anonymous()
                            .body("x")
                            .send()
                            .status())
                    .isEqualTo(200);
            friend.s3().putObject(put -> put.bucket(bucket).key("l"), RequestBody.fromString("y"));
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> friend.s3()
                            .deleteObject(delete -> delete.bucket(bucket).key("k")));
            friend.s3().deleteObject(delete -> delete.bucket(bucket).key("l"));
            store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PRIVATE));
            assertRefused(403, "AccessDenied", () -> friend.s3().listObjectsV2(list -> list.bucket(bucket)));
        }
    }

    @Test
    void headersAndDocumentsNameWhoGetsWhat() {
        try (Store friend = store.newAccount()) {
            String id = friend.canonicalId();
            store.s3().putBucketAcl(put -> put.bucket(bucket).grantReadACP("id=\"" + id + "\""));
            friend.s3().getBucketAcl(get -> get.bucket(bucket));
            assertRefused(403, "AccessDenied", () -> friend.s3().listObjectsV2(list -> list.bucket(bucket)));
            store.s3()
                    .putBucketAcl(put -> put.bucket(bucket)
                            .accessControlPolicy(acl -> acl.owner(o -> o.id(store.canonicalId()))
                                    .grants(grant -> grant.permission(Permission.WRITE_ACP)
                                            .grantee(g ->
                                                    g.type(Type.CANONICAL_USER).id(id)))));
            friend.s3().putBucketAcl(put -> put.bucket(bucket).grantFullControl("id=" + id));
            assertThat(friend.s3().getBucketAcl(get -> get.bucket(bucket)).grants())
                    .hasSize(1);
            // Whoever owns a bucket needs no grant.
            store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PRIVATE));
        }
    }

    /** A header, or a document, and how it is refused. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x-amz-acl: nonsense          |                  | 400 | InvalidArgument
            x-amz-grant-read: id=nobody  |                  | 400 | InvalidArgument
            x-amz-grant-read: uri=x      |                  | 400 | InvalidArgument
            x-amz-grant-read: x          |                  | 400 | InvalidArgument
            x-amz-grant-read: emailAddress=nobody@example.com | | 400 | UnresolvableGrantByEmailAddress
            x-amz-acl: private           | <AccessControlPolicy/> | 400 | UnexpectedContent
            x-amz-meta-a: b              |                  | 400 | MissingSecurityHeader
            x-amz-meta-a: b              | <Other/>         | 400 | MalformedACLError
            x-amz-meta-a: b              | <AccessControlPolicy><Owner><ID>x</ID></Owner><AccessControlList/></AccessControlPolicy> | 403 | AccessDenied
            """)
    void whatIsNoListIsRefusedAndChangesNothing(String header, String document, int status, String code) {
        String[] line = header.split(": ", 2);
        var request = store.request("PUT", "/" + bucket + "?acl").header(line[0], line[1]);
        if (document != null) {
            request.document(document);
        }
        assertRefused(status, code, request.send());
        assertThat(store.s3().getBucketAcl(get -> get.bucket(bucket)).grants()).hasSize(1);
    }

    @Test
    void bothWaysAtOnceAreRefused() {
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3()
                        .putBucketAcl(put -> put.bucket(bucket)
                                .acl(BucketCannedACL.PRIVATE)
                                .grantRead("id=" + store.canonicalId())));
    }
}
