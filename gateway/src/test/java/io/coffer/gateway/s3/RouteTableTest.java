package io.coffer.gateway.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.Route.Kind;
import io.coffer.gateway.s3.operation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RouteTableTest {
    private static final Target OBJECT = new Target.ObjectTarget("b", "k");
    private static final Target BUCKET = new Target.BucketTarget("b");

    private final RouteTable table = new RouteTable(List.of(
            operation("ListBuckets", Route.of("GET", Kind.SERVICE)),
            operation("ListObjects", Route.of("GET", Kind.BUCKET)),
            operation("ListObjectsV2", Route.of("GET", Kind.BUCKET).withQuery("list-type", "2")),
            operation("DeleteBucket", Route.of("DELETE", Kind.BUCKET)),
            operation("GetBucketAcl", Route.of("GET", Kind.BUCKET, "acl")),
            operation("GetObject", Route.of("GET", Kind.OBJECT)),
            operation("PutObject", Route.of("PUT", Kind.OBJECT)),
            operation("CopyObject", Route.of("PUT", Kind.OBJECT).withHeader("x-amz-copy-source")),
            operation("UploadPart", Route.of("PUT", Kind.OBJECT, "uploadId").withQuery("partNumber", "")),
            operation(
                    "UploadPartCopy",
                    Route.of("PUT", Kind.OBJECT)
                            .withQuery("uploadId", "")
                            .withQuery("partNumber", "")
                            .withHeader("x-amz-copy-source"))));

    private static Operation operation(String name, Route route) {
        return new PipelineFixture.Spy(new OperationSpec(name, route, Set.of("s3:Any"), BodyPolicy.NONE));
    }

    /** The operation's name, or 501 or 405 and what they are told with. */
    private String match(String method, Target target, Headers headers, String... query) {
        List<QueryParameters.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < query.length; i += 2) {
            parameters.add(new QueryParameters.Parameter(query[i], query[i + 1]));
        }
        return switch (table.match(method, target, new QueryParameters(parameters), headers)) {
            case RouteTable.Match.Found(Operation operation) -> operation.spec().name();
            case RouteTable.Match.NotOffered(String name) -> "501 " + name;
            case RouteTable.Match.NotAllowed(String type, Set<String> allowed) -> "405 " + type + " " + allowed;
        };
    }

    @Test
    void theMostSpecificRouteWins() {
        Headers copy = Headers.of("X-Amz-Copy-Source", "/a/b");
        assertThat(match("PUT", OBJECT, Headers.EMPTY)).isEqualTo("PutObject");
        assertThat(match("PUT", OBJECT, copy)).isEqualTo("CopyObject");
        assertThat(match("PUT", OBJECT, Headers.EMPTY, "partNumber", "1", "uploadId", "u"))
                .isEqualTo("UploadPart");
        assertThat(match("PUT", OBJECT, copy, "uploadId", "u", "partNumber", "1"))
                .isEqualTo("UploadPartCopy");
        assertThat(match("GET", BUCKET, Headers.EMPTY, "list-type", "2")).isEqualTo("ListObjectsV2");
        assertThat(match("GET", BUCKET, Headers.EMPTY, "list-type", "1")).isEqualTo("ListObjects");
    }

    @Test
    void parametersThatAreNoSubresourcesDontMatter() {
        assertThat(match("GET", OBJECT, Headers.EMPTY, "x-id", "GetObject", "versionId", "v", "partNumber", "3"))
                .isEqualTo("GetObject");
        assertThat(match("GET", BUCKET, Headers.EMPTY, "prefix", "acl", "ACL", ""))
                .isEqualTo("ListObjects");
    }

    @Test
    void aSubresourceIsNeverTakenForThePlainOperation() {
        assertThat(match("DELETE", BUCKET, Headers.EMPTY, "policy", "")).isEqualTo("501 DeleteBucketPolicy");
        assertThat(match("DELETE", BUCKET, Headers.EMPTY, "force_delete", "true"))
                .isEqualTo("501 ForceDeleteBucket");
        assertThat(match("DELETE", BUCKET, Headers.EMPTY, "acl", "")).isEqualTo("405 ACL [GET]");
        assertThat(match("DELETE", BUCKET, Headers.EMPTY, "acl", "", "policy", ""))
                .isEqualTo("405 ACL,POLICY []");
        assertThat(match("PUT", OBJECT, Headers.EMPTY, "append", "")).isEqualTo("501 AppendObject");
        assertThat(match("PUT", OBJECT, Headers.EMPTY, "uploadId", "u")).isEqualTo("405 UPLOADID [PUT]");
        assertThat(match("GET", OBJECT, Headers.EMPTY, "uploadId", "u")).isEqualTo("501 ListParts");
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        assertThat(match("POST", OBJECT, Headers.EMPTY)).isEqualTo("405 OBJECT [GET, PUT]");
        assertThat(match("DELETE", new Target.Service(), Headers.EMPTY)).isEqualTo("405 SERVICE [GET]");
        assertThat(match("BREW", BUCKET, Headers.EMPTY)).isEqualTo("405 BUCKET [DELETE, GET]");
        assertThat(match("get", BUCKET, Headers.EMPTY)).startsWith("405");
    }

    @Test
    void ambiguousRoutesAreRefused() {
        Operation plain = operation("One", Route.of("GET", Kind.BUCKET, "acl"));
        assertAmbiguous(plain, operation("Two", Route.of("GET", Kind.BUCKET, "acl")));
        assertAmbiguous(
                operation("One", Route.of("PUT", Kind.OBJECT).withHeader("x-a")),
                operation("Two", Route.of("PUT", Kind.OBJECT).withHeader("x-b")));
        assertAmbiguous(
                operation("One", Route.of("PUT", Kind.OBJECT).withHeader("x-a")),
                operation("Two", Route.of("PUT", Kind.OBJECT).withQuery("q", "1")));
        assertThat(new RouteTable(List.of(
                        operation("One", Route.of("GET", Kind.BUCKET).withQuery("list-type", "2")),
                        operation("Two", Route.of("GET", Kind.BUCKET).withQuery("list-type", "1")))))
                .isNotNull();
        assertThatThrownBy(() -> new RouteTable(List.of(operation("One", Route.of("GET", Kind.BUCKET, "novel")))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertAmbiguous(Operation one, Operation two) {
        assertThatThrownBy(() -> new RouteTable(List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Two and One could match the same request");
    }
}
