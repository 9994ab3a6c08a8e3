package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CORSRule;

@ExtendWith(StoreExtension.class)
class PutBucketCorsIT {
    private static final String VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    private final Store store;
    private final String bucket;

    PutBucketCorsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("body"));
    }

    private void put(CORSRule... rules) {
        store.s3().putBucketCors(put -> put.bucket(bucket).corsConfiguration(c -> c.corsRules(rules)));
    }

    private RawResponse put(String rules) {
        return store.request("PUT", "/" + bucket + "?cors")
                .document("<CORSConfiguration>" + rules + "</CORSConfiguration>")
                .send();
    }

    private static CORSRule rule(List<String> origins, List<String> methods) {
        return CORSRule.builder()
                .allowedOrigins(origins)
                .allowedMethods(methods)
                .build();
    }

    private RawResponse preflight(String target, String... headers) {
        RawRequest request = store.request("OPTIONS", target).anonymous();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    private RawResponse get(String origin) {
        return store.request("GET", "/" + bucket + "/k")
                .header("Origin", origin)
                .send();
    }

    @Test
    void aPreflightIsAnsweredByTheFirstRuleThatMatches() {
        put(
                CORSRule.builder()
                        .allowedOrigins("https://*.example.com")
                        .allowedMethods("PUT", "GET")
                        .allowedHeaders("Content-Type", "x-amz-*")
                        .exposeHeaders("ETag", "x-amz-version-id")
                        .maxAgeSeconds(3000)
                        .build(),
                rule(List.of("*"), List.of("GET")));
        RawResponse allowed = preflight(
                "/" + bucket + "/k",
                "Origin",
                "https://www.example.com",
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "Content-type, X-Amz-Date");
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(allowed.header("access-control-allow-origin")).isEqualTo("https://www.example.com");
        assertThat(allowed.header("access-control-allow-methods")).isEqualTo("PUT, GET");
        assertThat(allowed.header("access-control-allow-headers")).isEqualTo("content-type, x-amz-date");
        assertThat(allowed.header("access-control-expose-headers")).isEqualTo("ETag, x-amz-version-id");
        assertThat(allowed.header("access-control-max-age")).isEqualTo("3000");
        assertThat(allowed.header("access-control-allow-credentials")).isEqualTo("true");
        assertThat(allowed.header("vary")).isEqualTo(VARY);
        assertThat(allowed.body()).isEmpty();

        RawResponse everybody =
                preflight("/" + bucket + "/missing", "Origin", "http://other", "Access-Control-Request-Method", "GET");
        assertThat(everybody.header("access-control-allow-origin")).isEqualTo("*");
        assertThat(everybody.header("access-control-allow-methods")).isEqualTo("GET");
        assertThat(everybody.header("access-control-allow-credentials")).isNull();
        assertThat(everybody.header("access-control-max-age")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.example.com, DELETE, ''",
        "https://www.example.org, PUT, ''",
        "https://www.example.com, PUT, x-other",
        "HTTPS://WWW.EXAMPLE.COM, PUT, ''",
    })
    void aPreflightThatNoRuleAllowsIsRefused(String origin, String method, String header) {
        put(CORSRule.builder()
                .allowedOrigins("https://*.example.com")
                .allowedMethods("PUT")
                .allowedHeaders("x-amz-*")
                .build());
        RawResponse refused = assertRefused(
                403,
                "AccessForbidden",
                preflight(
                        "/" + bucket + "/k",
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        method,
                        "Access-Control-Request-Headers",
                        header));
        assertThat(refused.element("Message")).startsWith("CORSResponse: This CORS request is not allowed.");
        assertThat(refused.element("Method")).isEqualTo(method);
        assertThat(refused.element("ResourceType")).isEqualTo("OBJECT");
        assertThat(refused.header("access-control-allow-origin")).isNull();
    }

    @Test
    void whatIsNoPreflightOrHasNoRulesIsRefused() {
        RawResponse without = assertRefused(
                403,
                "AccessForbidden",
                preflight("/" + bucket, "Origin", "http://a", "Access-Control-Request-Method", "GET"));
        assertThat(without.element("Message")).isEqualTo("CORSResponse: CORS is not enabled for this bucket.");
        assertThat(without.element("ResourceType")).isEqualTo("BUCKET");
        RawResponse missing = assertRefused(
                403,
                "AccessForbidden",
                preflight("/" + store.freshName(), "Origin", "http://a", "Access-Control-Request-Method", "GET"));
        assertThat(missing.element("Message")).isEqualTo("CORSResponse: Bucket not found");
        assertRefused(400, "BadRequest", preflight("/" + bucket + "/k"));
        assertRefused(400, "BadRequest", preflight("/" + bucket + "/k", "Origin", "http://a"));
        assertRefused(
                400,
                "BadRequest",
                preflight("/" + bucket + "/k", "Origin", "http://a", "Access-Control-Request-Method", "PATCH"));
    }

    @Test
    void aPreflightNeedsNoSignatureEvenOfASignedRequest() {
        put(rule(List.of("*"), List.of("GET")));
        RawResponse allowed = preflight(
                "/" + bucket + "/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Signature=y",
                "Origin",
                "http://a",
                "Access-Control-Request-Method",
                "GET");
        assertThat(allowed.status()).isEqualTo(200);
    }

    @Test
    void answersAndErrorsTellBrowsersThatTheyMayReadThem() {
        put(rule(List.of("prefix*", "*suffix", "start*end"), List.of("GET")));
        for (String origin : List.of("prefix", "prefix.foo", "foo.suffix", "startend", "start1end")) {
            RawResponse response = get(origin);
            assertThat(response.text()).isEqualTo("body");
            assertThat(response.header("access-control-allow-origin")).isEqualTo(origin);
            assertThat(response.header("access-control-allow-methods")).isEqualTo("GET");
            assertThat(response.header("vary")).isEqualTo(VARY);
        }
        for (String origin : List.of("foo", "suffix.foo", "start1end1", "star")) {
            assertThat(get(origin).header("access-control-allow-origin")).isNull();
        }
        RawResponse missing = store.request("GET", "/" + bucket + "/missing")
                .header("Origin", "prefix")
                .send();
        assertRefused(404, "NoSuchKey", missing);
        assertThat(missing.header("access-control-allow-origin")).isEqualTo("prefix");
        RawResponse denied = store.request("GET", "/" + bucket + "/k")
                .header("Origin", "prefix")
                .anonymous()
                .send();
        assertRefused(403, "AccessDenied", denied);
        assertThat(denied.header("access-control-allow-origin")).isEqualTo("prefix");
        RawResponse put = store.request("PUT", "/" + bucket + "/k")
                .header("Origin", "prefix")
                .body("body")
                .send();
        assertThat(put.header("access-control-allow-origin"))
                .as("PUT isn't allowed")
                .isNull();
        RawResponse named = store.request("PUT", "/" + bucket + "/k")
                .header("Origin", "prefix")
                .header("Access-Control-Request-Method", "GET")
                .body("body")
                .send();
        assertThat(named.header("access-control-allow-origin")).isEqualTo("prefix");
        RawResponse without = store.request("GET", "/" + bucket + "/k").send();
        assertThat(without.header("vary")).isNull();
    }

    @Test
    void aChangeIsSeenAtOnce() {
        put(rule(List.of("http://a"), List.of("GET")));
        assertThat(get("http://a").header("access-control-allow-origin")).isEqualTo("http://a");
        put(rule(List.of("http://b"), List.of("GET")));
        assertThat(get("http://a").header("access-control-allow-origin")).isNull();
        assertThat(get("http://b").header("access-control-allow-origin")).isEqualTo("http://b");
        store.s3().deleteBucketCors(delete -> delete.bucket(bucket));
        assertThat(get("http://b").header("access-control-allow-origin")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>|MalformedXML|",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>|MalformedXML|",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><Other/></CORSRule>|MalformedXML|",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule>|MalformedXML|",
                "<CORSRule><AllowedOrigin>a&#13;&#10;b: c</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>|MalformedXML|",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>|InvalidRequest|Found unsupported HTTP method in CORS config. Unsupported method is PATCH",
                "<CORSRule><AllowedOrigin>*a*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>|InvalidRequest|AllowedOrigin \"*a*\" can not have more than one wildcard.",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>**</AllowedHeader></CORSRule>|InvalidRequest|AllowedHeader \"**\" can not have more than one wildcard.",
                "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>x-*</ExposeHeader></CORSRule>|InvalidRequest|ExposeHeader \"x-*\" contains wildcard. We currently do not support wildcard for ExposeHeader.",
                "<Other/>|MalformedXML|",
                "''|MalformedXML|",
            })
    void whatIsNoConfigurationIsRefusedAndChangesNothing(String rules, String code, String message) {
        RawResponse refused = assertRefused(400, code, put(rules));
        if (message != null) {
            assertThat(refused.element("Message")).isEqualTo(message);
        }
        assertRefused(404, "NoSuchCORSConfiguration", () -> store.s3().getBucketCors(get -> get.bucket(bucket)));
    }

    @Test
    void rulesHaveBounds() {
        String rule = "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
        assertThat(put(rule.repeat(100)).status()).isEqualTo(200);
        assertRefused(400, "InvalidRequest", put(rule.repeat(101)));
        assertRefused(400, "MaxMessageLengthExceeded", put(rule + " ".repeat(70_000)));
    }
}
