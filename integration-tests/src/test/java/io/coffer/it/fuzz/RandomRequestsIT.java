package io.coffer.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Well-signed nonsense made of S3's own words: whatever it is, it gets an answer that is no server's fault, and what it was not about
 * stays as it is. Replay a run with {@code -Dseed=}.
 */
@ExtendWith(StoreExtension.class)
class RandomRequestsIT {
    private static final int REQUESTS = 3000;

    private static final List<String> METHODS =
            List.of("GET", "GET", "GET", "HEAD", "PUT", "PUT", "POST", "DELETE", "OPTIONS", "PATCH");
    private static final List<String> KEYS = List.of("a", "a/b", "dir/", "ä", "\u0001", "k".repeat(1025), "multi");
    private static final List<String> PARAMETERS = List.of(
            "acl",
            "attributes",
            "continuation-token",
            "cors",
            "delete",
            "delimiter",
            "encoding-type",
            "fetch-owner",
            "id",
            "key-marker",
            "legal-hold",
            "lifecycle",
            "list-type",
            "location",
            "marker",
            "max-keys",
            "max-parts",
            "max-uploads",
            "part-number-marker",
            "partNumber",
            "policy",
            "prefix",
            "response-content-type",
            "retention",
            "start-after",
            "tagging",
            "upload-id-marker",
            "uploadId",
            "uploads",
            "version-id-marker",
            "versionId",
            "versioning",
            "versions",
            "x-id",
            "nonsense");
    private static final List<String> HEADERS = List.of(
            "Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "If-Range",
            "Content-Type",
            "Content-MD5",
            "Content-Encoding",
            "Expires",
            "x-amz-acl",
            "x-amz-checksum-algorithm",
            "x-amz-checksum-crc32",
            "x-amz-checksum-mode",
            "x-amz-checksum-type",
            "x-amz-copy-source",
            "x-amz-copy-source-if-match",
            "x-amz-copy-source-if-modified-since",
            "x-amz-copy-source-range",
            "x-amz-expected-bucket-owner",
            "x-amz-if-match-size",
            "x-amz-if-match-last-modified-time",
            "x-amz-max-parts",
            "x-amz-meta-a",
            "x-amz-metadata-directive",
            "x-amz-mp-object-size",
            "x-amz-object-attributes",
            "x-amz-part-number-marker",
            "x-amz-sdk-checksum-algorithm",
            "x-amz-storage-class",
            "x-amz-tagging",
            "x-amz-trailer",
            "x-amz-website-redirect-location",
            "x-amz-decoded-content-length",
            "x-amz-source-expected-bucket-owner");
    private static final List<String> VALUES = List.of(
            "",
            "0",
            "1",
            "2",
            "-1",
            "10001",
            "99999999999999999999",
            "null",
            "true",
            "*",
            "\"x\"",
            "W/\"x\"",
            "bytes=0-1",
            "bytes=-0",
            "bytes=5-",
            "bytes=9-2",
            "nonsense",
            "url",
            "/",
            "a/",
            "ä",
            "\u0007",
            "%zz",
            "CRC32",
            "SHA256",
            "COMPOSITE",
            "FULL_OBJECT",
            "ENABLED",
            "REPLACE",
            "STANDARD",
            "GLACIER",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "ETag,Checksum",
            "AAAAAA==",
            "=?UTF-8?B?",
            "cv100000000000000000000000000001",
            "0198a0b0c0d0000000000000000000ff",
            "private");
    private static final List<String> BODIES = List.of(
            "",
            "x",
            "<",
            "<Delete/>",
            "<Delete><Object><Key>a</Key></Object></Delete>",
            "<CompleteMultipartUpload/>",
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>",
            "<CreateBucketConfiguration><LocationConstraint>x</LocationConstraint></CreateBucketConfiguration>",
            "<!DOCTYPE a [<!ENTITY b \"c\">]><Delete><Object><Key>&b;</Key></Object></Delete>");

    private final Store store;

    RandomRequestsIT(Store store) {
        this.store = store;
    }

    @Test
    void nothingThatAClientSaysIsTheServersFault() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String bucket = store.newBucket();
        String untouched = store.newBucket();
        store.request("PUT", "/" + untouched + "/kept").body("kept").send();
        String upload = String.valueOf(
                store.request("POST", "/" + bucket + "/multi?uploads").send().element("UploadId"));
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < REQUESTS; i++) {
            String target = target(random, bucket, upload);
            String method = pick(random, METHODS);
            RawRequest request = store.request(method, target);
            StringBuilder sent = new StringBuilder(method + " " + target);
            for (String header : some(random, HEADERS)) {
                String value = value(random, bucket);
                request.header(header, value.replace("\u0007", "~"));
                sent.append('\n').append(header).append(": ").append(value);
            }
            String body = pick(random, BODIES);
            RawResponse response = (random.nextBoolean() ? request.body(body) : request.document(body)).send();
            assertThat(response.status())
                    .as("seed %d, request %d:\n%s\n\n%s\n\n%s", seed, i, sent, body, response)
                    .isIn(200, 204, 206, 304, 400, 403, 404, 405, 409, 411, 412, 416, 501);
            statuses.merge(response.status(), 1, Integer::sum);
            if (random.nextInt(10) == 0) {
                store.request("PUT", "/" + bucket).send();
                store.request("PUT", "/" + bucket + "/a").body("hello").send();
            }
        }
        assertThat(statuses.getOrDefault(403, 0))
                .as("most are signed right: %s", statuses)
                .isLessThan(REQUESTS / 10);
        assertThat(statuses).as("seed %d", seed).containsKeys(200, 204, 400, 404, 405, 501);
        assertThat(store.request("GET", "/" + untouched + "/kept").send().text())
                .as("seed %d", seed)
                .isEqualTo("kept");
    }

    private static String target(Random random, String bucket, String upload) {
        StringBuilder target = new StringBuilder(random.nextInt(20) == 0 ? "/" : "/" + bucket);
        if (random.nextInt(3) > 0 && target.length() > 1) {
            target.append('/').append(encode(pick(random, KEYS)));
        }
        char separator = '?';
        for (String parameter : some(random, PARAMETERS)) {
            target.append(separator).append(parameter);
            if (parameter.equals("uploadId") && random.nextBoolean()) {
                target.append('=').append(upload);
            } else if (random.nextInt(4) > 0) {
                target.append('=').append(encode(value(random, bucket)));
            }
            separator = '&';
        }
        return target.toString();
    }

    private static String value(Random random, String bucket) {
        return random.nextInt(6) == 0 ? bucket + "/a" : pick(random, VALUES);
    }

    private static Set<String> some(Random random, List<String> from) {
        Set<String> some = new TreeSet<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            some.add(pick(random, from));
        }
        return some;
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
