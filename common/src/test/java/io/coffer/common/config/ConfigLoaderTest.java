package io.coffer.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.unit.DataSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    enum Durability {
        FSYNC,
        PAGE_CACHE
    }

    record Tls(String certificate, Optional<String> clientAuthority) {}

    record S3(
            HostPort listen, DataSize maxHeadBytes, Duration idleTimeout, List<String> baseDomains, Optional<Tls> tls) {
        S3() {
            this(
                    new HostPort("127.0.0.1", 9000),
                    DataSize.ofKiB(16),
                    Duration.ofMinutes(1),
                    List.of("s3.local"),
                    Optional.empty());
        }

        S3 {
            if (maxHeadBytes.bytes() < 1024) {
                throw new IllegalArgumentException("max-head-bytes must be at least 1 KiB");
            }
        }
    }

    record Disk(String path, int weight) {
        Disk() {
            this("", 100);
        }
    }

    record Server(S3 s3, Durability durability, List<Disk> disks, boolean quiet, long epoch, double ratio) {
        Server() {
            this(new S3(), Durability.FSYNC, List.of(), false, 7, 0.5);
        }
    }

    private static Server load(String yaml, Map<String, String> environment) throws ConfigException {
        return ConfigLoader.load(Server.class, new ConfigSource("c.yaml", yaml, environment, Set.of("COFFER_ADMIN")));
    }

    private static Server load(String yaml) throws ConfigException {
        return load(yaml, Map.of());
    }

    @Test
    void nothingGivenIsTheDefaults() throws ConfigException {
        assertThat(load("")).isEqualTo(new Server());
        assertThat(load("# only a comment\n")).isEqualTo(new Server());
        assertThat(load("s3:\ndisks: []\n")).isEqualTo(new Server());
    }

    @Test
    void everyKeyMapsToItsComponent() throws ConfigException {
        Server server = load("""
                s3:
                  listen: "[::1]:80"
                  max-head-bytes: 32 KiB
                  idle-timeout: 90 s
                  base-domains:
                    - a.example
                    - b.example
                  tls:
                    certificate: cert.pem
                    client-authority: ca.pem
                durability: page-cache
                disks:
                  - path: /data/1
                  - path: /data/2
                    weight: 50
                quiet: true
                epoch: 9000000000
                ratio: 0.25
                """);
        assertThat(server)
                .isEqualTo(new Server(
                        new S3(
                                new HostPort("::1", 80),
                                DataSize.ofKiB(32),
                                Duration.ofSeconds(90),
                                List.of("a.example", "b.example"),
                                Optional.of(new Tls("cert.pem", Optional.of("ca.pem")))),
                        Durability.PAGE_CACHE,
                        List.of(new Disk("/data/1", 100), new Disk("/data/2", 50)),
                        true,
                        9_000_000_000L,
                        0.25));
    }

    @Test
    void variablesOverrideTheFile() throws ConfigException {
        Server server = load(
                "s3: {listen: '127.0.0.1:1', max-head-bytes: 2 KiB}",
                Map.of(
                        "COFFER_S3_LISTEN", "127.0.0.1:2",
                        "COFFER_S3_BASE_DOMAINS", "x, y",
                        "COFFER_DURABILITY", "page-cache",
                        "COFFER_S3_TLS_CERTIFICATE", "c",
                        "COFFER_ADMIN", "not ours",
                        "PATH", "/bin"));
        assertThat(server.s3().listen()).isEqualTo(new HostPort("127.0.0.1", 2));
        assertThat(server.s3().maxHeadBytes()).isEqualTo(DataSize.ofKiB(2));
        assertThat(server.s3().baseDomains()).containsExactly("x", "y");
        assertThat(server.s3().tls()).contains(new Tls("c", Optional.empty()));
        assertThat(server.durability()).isEqualTo(Durability.PAGE_CACHE);
        assertThat(load("", Map.of("COFFER_S3_BASE_DOMAINS", "")).s3().baseDomains())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    's3: {lisen: x}'                  | c.yaml:1: unknown key s3.lisen; the nearest known is s3.listen
                    'durabilty: fsync'                | c.yaml:1: unknown key durabilty; the nearest known is durability
                    'disks: [{pth: x}]'               | c.yaml:1: unknown key disks[].pth; the nearest known is disks[].path
                    's3: {maxHeadBytes: 1}'           | c.yaml:1: unknown key s3.maxHeadBytes; the nearest known is s3.max-head-bytes
                    's3: {max-head-bytes: 5 bananas}' | c.yaml:1: s3.max-head-bytes: '5 bananas' is not a size such as 64 MiB
                    's3: {max-head-bytes: 10}'        | c.yaml:1: s3: max-head-bytes must be at least 1 KiB
                    's3: {idle-timeout: 30}'          | c.yaml:1: s3.idle-timeout: '30' is not a duration such as 250 ms, 30 s or 1 h
                    's3: {listen: 9000}'              | c.yaml:1: s3.listen: '9000' is not HOST:PORT
                    'durability: maybe'               | c.yaml:1: durability: 'maybe' is none of fsync, page-cache
                    'quiet: yes please'               | c.yaml:1: quiet: 'yes please' is neither true nor false
                    'epoch: 1x'                       | c.yaml:1: epoch: '1x' is not a number, or too large
                    'epoch:'                          | c.yaml:1: epoch has no value
                    'epoch: [1]'                      | c.yaml:1: epoch is one value
                    's3: 5'                           | c.yaml:1: s3 is a section of keys, not one value
                    's3: [5]'                         | c.yaml:1: s3 is a section of keys, not a list
                    's3: {base-domains: x}'           | c.yaml:1: s3.base-domains is a list: each item on a line of its own behind '- '
                    's3: {tls: {}}'                   | c.yaml: s3.tls.certificate is missing (or the variable COFFER_S3_TLS_CERTIFICATE)
                    '- a'                             | c.yaml:1: not a list of 'key: value' lines
                    'quiet: true\nquiet: false'       | c.yaml:2: 'quiet' is there twice
                    """)
    void mistakesAreNamedInOneLine(String yaml, String message) {
        assertThatThrownBy(() -> load(yaml.replace("\\n", "\n")))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    @Test
    void brokenYamlNamesItsLine() {
        assertThatThrownBy(() -> load("quiet: true\ns3: {listen\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("c\\.yaml:[23]: not YAML: [^\\n]+");
        assertThatThrownBy(() -> load("quiet: true\n---\nquiet: false\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("more than one document");
    }

    @Test
    void wrongVariablesAreNamed() {
        assertThatThrownBy(() -> load("", Map.of("COFFER_S3_LISTN", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("unknown variable COFFER_S3_LISTN; the nearest known is COFFER_S3_LISTEN");
        assertThatThrownBy(() -> load("", Map.of("COFFER_EPOCH", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("variable COFFER_EPOCH: 'x' is not a number, or too large");
        assertThatThrownBy(() -> load("", Map.of("COFFER_S3_MAX_HEAD_BYTES", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("c.yaml: s3: max-head-bytes must be at least 1 KiB");
    }

    @Test
    void theSchemaListsEveryKeyWithItsVariableAndDefault() {
        assertThat(ConfigSchema.of(Server.class).keys())
                .containsExactly(
                        new ConfigKey("s3.listen", "COFFER_S3_LISTEN", "127.0.0.1:9000"),
                        new ConfigKey("s3.max-head-bytes", "COFFER_S3_MAX_HEAD_BYTES", "16 KiB"),
                        new ConfigKey("s3.idle-timeout", "COFFER_S3_IDLE_TIMEOUT", "1 min"),
                        new ConfigKey("s3.base-domains", "COFFER_S3_BASE_DOMAINS", "s3.local"),
                        new ConfigKey("s3.tls.certificate", "COFFER_S3_TLS_CERTIFICATE", ""),
                        new ConfigKey("s3.tls.client-authority", "COFFER_S3_TLS_CLIENT_AUTHORITY", ""),
                        new ConfigKey("durability", "COFFER_DURABILITY", "fsync"),
                        new ConfigKey("disks[].path", "", ""),
                        new ConfigKey("disks[].weight", "", "100"),
                        new ConfigKey("quiet", "COFFER_QUIET", "false"),
                        new ConfigKey("epoch", "COFFER_EPOCH", "7"),
                        new ConfigKey("ratio", "COFFER_RATIO", "0.5"));
    }

    record Inner(String c) {}

    record Ambiguous(Inner aB, Section a) {
        record Section(String bC) {}
    }

    @Test
    void keysThatWouldShareAVariableAreABug() {
        assertThatThrownBy(() -> ConfigSchema.of(Ambiguous.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("COFFER_A_B_C");
    }

    @Test
    void filesAreReadAndMissingOnesNamed(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("coffer.yaml"), "epoch: 12\n");
        ConfigSource source = ConfigSource.ofFile(file.toString(), Map.of(), Set.of());
        assertThat(ConfigLoader.load(Server.class, source).epoch()).isEqualTo(12);
        assertThatThrownBy(() -> ConfigSource.ofFile(directory + "/none", Map.of(), Set.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("no configuration file " + directory + "/none");
        assertThatThrownBy(() -> ConfigSource.ofFile(directory.toString(), Map.of(), Set.of()))
                .isInstanceOf(ConfigException.class);
        assertThat(ConfigLoader.load(Server.class, ConfigSource.ofEnvironment(Map.of("COFFER_EPOCH", "3"), Set.of()))
                        .epoch())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"localhost:80,localhost,80", "10.0.0.1:0,10.0.0.1,0", "'[2001:db8::1]:65535',2001:db8::1,65535"})
    void hostsAndPortsRoundTrip(String text, String host, int port) {
        HostPort parsed = HostPort.parse(text);
        assertThat(parsed).isEqualTo(new HostPort(host, port)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"localhost", ":80", "::1:80", "host:x", "host:65536", "host:-1", "'[]:80'"})
    void otherHostsAndPortsAreRefused(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
