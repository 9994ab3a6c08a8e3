package io.coffer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.object.ObjectReader;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/protocol/compatibility.md} is written from the catalogue: run with {@code -Dcoffer.docs=write} after changing it. */
class CompatibilityPageTest {
    private static final Path PAGE = Path.of("docs", "protocol", "compatibility.md");

    /** Only descriptions are wanted of these operations; they never run. */
    @SuppressWarnings("DataFlowIssue")
    private static final OperationCatalog CATALOG = new OperationCatalog(new OperationCatalog.Parts(
            null, new ObjectReader(null, null, null), null, null, null, null, null, null, null, null, null, null));

    @Test
    void thePageSaysWhatTheCatalogueSays() throws IOException {
        Path page = repository().resolve(PAGE);
        if ("write".equals(System.getProperty("coffer.docs"))) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, render());
        }
        assertThat(page).exists();
        assertThat(Files.readString(page))
                .as("stale: run this test with -Dcoffer.docs=write")
                .isEqualTo(render());
    }

    @Test
    void everyOperationIsListedOnce() {
        assertThat(offeredAndNot()).doesNotHaveDuplicates().hasSize(113);
    }

    @Test
    void noTwoOperationsHaveTheSameRoute() {
        assertThat(CATALOG.operations())
                .extracting(operation -> operation.spec().route())
                .doesNotHaveDuplicates();
    }

    private static List<String> offeredAndNot() {
        List<String> names =
                CATALOG.offered().stream().map(OperationCatalog.Offered::name).collect(Collectors.toList());
        OperationCatalog.unoffered().forEach(operation -> names.add(operation.name()));
        return names;
    }

    private static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    private static String render() {
        Map<String, String> rows = new TreeMap<>();
        for (OperationCatalog.Offered offered : CATALOG.offered()) {
            rows.put(
                    offered.name(),
                    "| %s | %s | %s | %s |%n"
                            .formatted(
                                    offered.name(),
                                    request(offered.operation()),
                                    offered.limits().isEmpty() ? "yes" : "partly",
                                    offered.limits()));
        }
        for (OperationCatalog.Unoffered unoffered : OperationCatalog.unoffered()) {
            rows.put(unoffered.name(), "| %s | | no | %s |%n".formatted(unoffered.name(), unoffered.reason()));
        }
        long complete = CATALOG.offered().stream()
                .filter(offered -> offered.limits().isEmpty())
                .count();
        return """
                # Compatibility with Amazon S3

                Of the %d operations of Amazon's S3 API, %d are offered, %d of them without any limit. A request for one that isn't
                is answered with 501 `NotImplemented`; none is ever taken for another operation. Headers that ask for what isn't
                offered (checksums of new algorithms, dual-layer encryption) are refused, other unknown headers are ignored.

                This page is written by `CompatibilityPageTest` from the catalogue of operations; don't edit it.

                | Operation | Request | Offered | Limits, or why not |
                | --- | --- | --- | --- |
                """.formatted(rows.size(), CATALOG.offered().size(), complete)
                + String.join("", rows.values())
                + extensions();
    }

    private static String extensions() {
        Map<String, String> rows = new TreeMap<>();
        for (OperationCatalog.Extension extension : CATALOG.extensions()) {
            String name = extension.operation().spec().name();
            rows.put(
                    name,
                    "| %s | %s | %s |%n".formatted(name, request(extension.operation()), extension.description()));
        }
        return """

                ## What Amazon S3 hasn't

                Extensions of dialects of S3. Signatures of version 2 cover their names and values.

                | Operation | Request | Whose, and what it does |
                | --- | --- | --- |
                """ + String.join("", rows.values());
    }

    private static String request(Operation operation) {
        Route route = operation.spec().route();
        StringBuilder request = new StringBuilder("`").append(route.method());
        request.append(
                switch (route.kind()) {
                    case SERVICE -> " /";
                    case BUCKET -> " /bucket";
                    case OBJECT -> " /bucket/key";
                });
        String query = java.util.stream.Stream.concat(
                        route.subresources().stream().sorted(),
                        new TreeMap<>(route.queryValues())
                                .entrySet().stream()
                                        .map(entry -> entry.getKey() + "="
                                                + (entry.getValue().isEmpty() ? "…" : entry.getValue())))
                .collect(Collectors.joining("&"));
        if (!query.isEmpty()) {
            request.append('?').append(query);
        }
        request.append('`');
        route.headers()
                .forEach(header -> request.append(" with `").append(header).append('`'));
        return request.toString();
    }
}
