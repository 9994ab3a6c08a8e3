package io.coffer.it.access;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import io.coffer.rules.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

/** What one account owns, another can't touch: by no operation that the compatibility page lists, and by no copy. */
@ExtendWith(StoreExtension.class)
class ForeignAccountIT {
    private static final Set<String> ANYBODYS = Set.of("ListBuckets", "CreateBucket");

    private final Store owner;
    private Store stranger;
    private String bucket;
    private String upload;

    ForeignAccountIT(Store store) {
        this.owner = store;
    }

    @BeforeEach
    void own() {
        stranger = owner.newAccount();
        bucket = owner.newBucket();
        owner.s3().putObject(object -> object.bucket(bucket).key("key"), RequestBody.fromString("mine"));
        upload = owner.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("key"))
                .uploadId();
    }

    @AfterEach
    void close() {
        stranger.close();
    }

    private static final String FORM = "--end\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nkey\r\n"
            + "--end\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nstolen\r\n--end--\r\n";

    /** A line of the compatibility page. */
    private record Row(String operation, String method, String target, List<String> headers) {}

    private List<Row> rows() throws IOException {
        Pattern line = Pattern.compile("\\| (\\w+) \\| `(\\w+) (/[^`]*)`([^|]*)\\| (?:yes|partly) \\|.*");
        List<Row> rows = new ArrayList<>();
        for (String text : Files.readAllLines(Checkout.directory().resolve("docs/protocol/compatibility.md"))) {
            Matcher row = line.matcher(text);
            if (row.matches()) {
                String target = row.group(3)
                        .replace("/bucket", "/" + bucket)
                        .replace("uploadId=…", "uploadId=" + upload)
                        .replace("…", "1");
                List<String> headers = Pattern.compile("`([^`]+)`")
                        .matcher(row.group(4))
                        .results()
                        .map(header -> header.group(1))
                        .toList();
                rows.add(new Row(row.group(1), row.group(2), target, headers));
            }
        }
        return rows;
    }

    private RawResponse send(Store from, Row row, boolean anonymous) {
        RawRequest request = from.request(row.method(), row.target());
        row.headers().forEach(header -> request.header(header, bucket + "/key"));
        if (row.operation().equals("DeleteObjects")) {
            request.document("<Delete><Object><Key>key</Key></Object></Delete>");
        }
        if (row.operation().equals("PostObject")) {
            // What signs a form is one of its fields, never a header.
            return request.header("Content-Type", "multipart/form-data; boundary=end")
                    .body(FORM)
                    .anonymous()
                    .send();
        }
        return (anonymous ? request.anonymous() : request).send();
    }

    @Test
    void noOperationCrossesTheBorder() throws IOException {
        List<Row> rows = rows();
        assertThat(rows).hasSizeGreaterThan(45);
        for (Row row : rows) {
            if (!ANYBODYS.contains(row.operation())) {
                for (boolean anonymous : new boolean[] {false, true}) {
                    RawResponse response = send(stranger, row, anonymous);
                    assertThat(response.status())
                            .as("%s, anonymous %s: %s", row, anonymous, response)
                            .isEqualTo(403);
                }
            }
        }
        assertThat(owner.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("key"))
                        .asUtf8String())
                .isEqualTo("mine");
        assertThat(owner.s3().listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .hasSize(1);
        assertThat(owner.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .hasSize(1);
    }

    @Test
    void theNameIsTaken() {
        RawResponse refused = assertRefused(
                409,
                "BucketAlreadyExists",
                stranger.request("PUT", "/" + bucket).send());
        assertThat(refused.element("BucketName")).isEqualTo(bucket);
        assertThat(stranger.s3().listBuckets().buckets()).isEmpty();
    }

    @Test
    void nothingIsCopiedOutOfIt() {
        String own = stranger.newBucket();
        assertRefused(
                403,
                "AccessDenied",
                stranger.request("PUT", "/" + own + "/stolen")
                        .header("x-amz-copy-source", bucket + "/key")
                        .send());
        String ownUpload = stranger.s3()
                .createMultipartUpload(create -> create.bucket(own).key("stolen"))
                .uploadId();
        assertRefused(
                403,
                "AccessDenied",
                stranger.request("PUT", "/" + own + "/stolen?partNumber=1&uploadId=" + ownUpload)
                        .header("x-amz-copy-source", bucket + "/key?versionId=null")
                        .send());
        assertThat(stranger.s3().listObjectsV2(list -> list.bucket(own)).contents())
                .isEmpty();
    }

    @Test
    void nothingIsToldOfWhatIsThere() {
        for (String key : new String[] {"key", "missing"}) {
            assertRefused(
                    403,
                    "AccessDenied",
                    stranger.request("GET", "/" + bucket + "/" + key).send());
            assertThat(stranger.request("HEAD", "/" + bucket + "/" + key)
                            .header("If-None-Match", "*")
                            .send()
                            .status())
                    .isEqualTo(403);
        }
    }
}
