package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the processes of a cluster export, the page that explains it, and the dashboard that shows it. */
class MetricsTest {
    private static final Pattern EXPORTED = Pattern.compile("^# TYPE (coffer_[a-z0-9_]+) ([a-z]+)$", Pattern.MULTILINE);
    private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(coffer_[a-z0-9_]+)`", Pattern.MULTILINE);
    private static final Pattern USED = Pattern.compile("\\b((?:coffer|jvm|process|system)_[a-z0-9_]+)");

    private static Path checkout() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("mvnw"))) {
            here = here.getParent();
        }
        return here;
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /** The names of the samples: a histogram has several. */
    private static Set<String> samples(String scraped) {
        return scraped.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricIsExplainedAndEveryoneOnTheDashboardIsThere(@TempDir Path directory) throws Exception {
        StringBuilder scraped = new StringBuilder();
        try (SmallCluster cluster = new SmallCluster(directory)) {
            assertThat(cluster.request("PUT", "/bucket", new byte[0]).statusCode())
                    .isEqualTo(200);
            assertThat(cluster.request("PUT", "/bucket/key", new byte[100_000]).statusCode())
                    .isEqualTo(200);
            assertThat(cluster.request("GET", "/bucket/key", new byte[0]).statusCode())
                    .isEqualTo(200);
            assertThat(cluster.request("GET", "/bucket/none", new byte[0]).statusCode())
                    .isEqualTo(404);

            String metaserver = cluster.metrics("metaserver");
            assertThat(value(metaserver, "coffer_metadata_leads{group=\"0\"}")).isEqualTo(1);
            assertThat(value(metaserver, "coffer_metadata_leads{group=\"1\"}"))
                    .as("a group that came after the start")
                    .isEqualTo(1);
            assertThat(value(metaserver, "coffer_raft_members{group=\"1\"}")).isEqualTo(1);
            assertThat(value(metaserver, "coffer_raft_commit_index{group=\"1\"}"))
                    .isPositive();
            assertThat(value(metaserver, "coffer_raft_log_entries{group=\"1\"}"))
                    .isPositive();
            assertThat(value(metaserver, "coffer_raft_term{group=\"1\"}")).isPositive();
            assertThat(value(metaserver, "coffer_raft_follower_lag_entries{group=\"1\"}"))
                    .isZero();
            assertThat(value(metaserver, "coffer_heartbeat_age_seconds{node=\"data\",role=\"dataserver\"}"))
                    .isBetween(0.0, 10.0);
            assertThat(value(metaserver, "coffer_nodes{role=\"dataserver\",state=\"up\"}"))
                    .isEqualTo(1);
            assertThat(value(metaserver, "coffer_volumes{state=\"whole\"}")).isPositive();
            assertThat(value(metaserver, "coffer_volumes{state=\"degraded\"}")).isZero();
            String dataserver = cluster.metrics("dataserver");
            assertThat(value(dataserver, "coffer_chunks_requests_total")).isGreaterThanOrEqualTo(2);
            assertThat(value(dataserver, "coffer_chunks_write_budget_bytes")).isPositive();
            assertThat(value(dataserver, "coffer_catchup_members_behind")).isZero();
            assertThat(value(dataserver, "coffer_map_revision")).isPositive();
            String gateway = cluster.metrics("gateway");
            assertThat(value(gateway, "coffer_reads_hedged_total")).isZero();
            assertThat(value(gateway, "coffer_s3_requests_available")).isPositive();
            assertThat(value(gateway, "coffer_map_revision")).isPositive();
            scraped.append(metaserver).append(dataserver).append(gateway);
        }

        String page = Files.readString(checkout().resolve("docs/operations/metrics.md"), StandardCharsets.UTF_8);
        assertThat(all(DOCUMENTED, page)).isEqualTo(all(EXPORTED, scraped.toString()));
        String dashboard = Files.readString(checkout().resolve("deploy/grafana/coffer.json"), StandardCharsets.UTF_8);
        assertThat(all(USED, dashboard)).isNotEmpty().isSubsetOf(samples(scraped.toString()));
    }

    private static double value(String scraped, String sample) {
        return scraped.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + sample));
    }
}
