package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.rules.Checkout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;

/**
 * The public S3 tests of the Ceph project: exactly those fail that {@code docs/protocol/conformance.md} lists, none hangs, and none meets an
 * internal error. Skipped unless {@code S3_TESTS_CHECKOUT} names a checkout of them.
 */
class ConformanceIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(60);

    /** Cases of what Amazon's S3 hasn't, or of services other than the one under test; the page names them too. */
    private static final String SELECTED = "not ("
            + String.join(
                    " or ",
                    "bucket_logging",
                    "bucket_logging_cleanup",
                    "cloud_transition",
                    "cloud_restore",
                    "s3website",
                    "s3website_routing_rules",
                    "iam_account",
                    "iam_cross_account",
                    "iam_role",
                    "iam_tenant",
                    "iam_user",
                    "storage_class",
                    "lifecycle_transition")
            + ")";

    /** What the cases take for granted: the old signature, customers' keys over HTTP, and days of ten seconds. */
    private static final Map<String, String> SETTINGS = Map.of(
            "COFFER_S3_SIGV2", "true",
            "COFFER_ENCRYPTION_CUSTOMER_KEYS", "always",
            "COFFER_LIFECYCLE_DAY", "10s",
            "COFFER_LIFECYCLE_LOOK", "1s");

    private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(test_[^`]+)` \\|");

    /** Codes of answers for which the server is to blame; {@code NotImplemented} isn't one. */
    private static final Pattern FAULTS =
            Pattern.compile("(?m)^coffer_s3_errors_total\\{code=\"(InternalError|ServiceUnavailable|SlowDown)\".*");

    /** Which of them to run, in the words of pytest's {@code -k}; null for all. */
    private static final @Nullable String CASES = System.getenv("S3_TESTS_CASES");

    @TempDir
    private Path directory;

    @Test
    void failsWhereThePageSays() throws Exception {
        String checkout = System.getenv("S3_TESTS_CHECKOUT");
        assumeTrue(checkout != null, "S3_TESTS_CHECKOUT names no checkout of the S3 tests of the Ceph project");
        try (StoreProcess store = StoreProcess.start(List.of(directory.resolve("data")), SETTINGS)) {
            Files.writeString(directory.resolve("s3tests.conf"), configuration(store));
            run(Path.of(checkout));
            assertThat(FAULTS.matcher(metrics(store.admin())).results().map(fault -> fault.group()))
                    .isEmpty();
        }
        NodeList cases = cases(directory.resolve("report.xml"));
        Set<String> expected = listed();
        if (CASES != null) {
            expected.retainAll(names(cases, false));
        }
        assertThat(names(cases, true)).isEqualTo(expected);
    }

    /** What the page says. */
    private static Set<String> listed() throws IOException {
        return LISTED.matcher(Files.readString(Checkout.directory().resolve("docs/protocol/conformance.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static NodeList cases(Path report) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("testcase");
    }

    private static Set<String> names(NodeList cases, boolean failed) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            if (!failed
                    || one.getElementsByTagName("failure").getLength() > 0
                    || one.getElementsByTagName("error").getLength() > 0) {
                names.add(one.getAttribute("name"));
            }
        }
        return names;
    }

    private void run(Path checkout) throws IOException, InterruptedException {
        String python = System.getenv().getOrDefault("S3_TESTS_PYTHON", "python3");
        List<String> command = new ArrayList<>(List.of(
                python,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "s3_tests_plugin",
                "--tb=short",
                "--junitxml=" + directory.resolve("report.xml"),
                "-m",
                SELECTED,
                "s3tests/functional/test_s3.py",
                "s3tests/functional/test_headers.py"));
        if (CASES != null) {
            command.addAll(List.of("-k", CASES));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("report.txt").toFile());
        builder.environment()
                .putAll(Map.of(
                        "PYTHONPATH",
                        Checkout.directory()
                                .resolve("integration-tests/src/test/conformance")
                                .toString(),
                        "PYTHONDONTWRITEBYTECODE",
                        "1",
                        "S3TEST_CONF",
                        directory.resolve("s3tests.conf").toString()));
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IOException("not done after " + TIMEOUT);
        }
        String report = Files.readString(directory.resolve("report.txt"), StandardCharsets.UTF_8);
        System.out.println(report.substring(Math.max(0, report.length() - 500)));
        // 0: all passed, 1: some failed; everything else means that they weren't run.
        assertThat(process.exitValue()).as(report).isBetween(0, 1);
    }

    private static String metrics(URI admin) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(admin.resolve("/metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** The suite's configuration: its three users are three accounts; what it asks of other services is never answered. */
    private static String configuration(StoreProcess store) throws IOException, InterruptedException {
        String admin = store.admin().toString();
        StringBuilder out =
                new StringBuilder("""
                [DEFAULT]
                host = %s
                port = %d
                is_secure = False
                [fixtures]
                bucket prefix = coffer-{random}-
                """.formatted(store.s3().getHost(), store.s3().getPort()));
        String keys = "kms_keyid = " + newKey(admin) + "\nkms_keyid2 = " + newKey(admin);
        for (String name : List.of("alt", "tenant")) {
            CofferCommand.admin(admin, "account", "create", name, "--email", name + "@example.com");
        }
        for (JsonNode account : CofferCommand.admin(admin, "account", "list")) {
            String name = account.get("name").asString();
            boolean root = account.get("root").asBoolean();
            JsonNode key = root ? null : CofferCommand.admin(admin, "key", "create", "--account", name);
            List<String> sections = root
                    ? List.of("s3 main")
                    : name.equals("alt") ? List.of("s3 alt") : List.of("s3 tenant", "iam", "iam root", "iam alt root");
            for (String section : sections) {
                out.append("""
                        [%s]
                        display_name = %s
                        user_id = %s
                        email = %s@example.com
                        access_key = %s
                        secret_key = %s
                        api_name = eu-west-1
                        lc_debug_interval = 10
                        tenant = tenant
                        %s
                        """.formatted(
                                section,
                                name,
                                account.get("canonicalId").asString(),
                                name,
                                key == null
                                        ? StoreProcess.ACCESS_KEY
                                        : key.get("accessKey").asString(),
                                key == null
                                        ? StoreProcess.SECRET_KEY
                                        : key.get("secretKey").asString(),
                                keys));
            }
        }
        return out.toString();
    }

    private static String newKey(String admin) throws IOException, InterruptedException {
        return CofferCommand.admin(admin, "kms", "key", "create").get("arn").asString();
    }
}
