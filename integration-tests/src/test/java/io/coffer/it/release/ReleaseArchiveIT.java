package io.coffer.it.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The archive runs every role from its own configuration files on a machine without Java. */
class ReleaseArchiveIT {
    private static final Map<String, String> ROOT = Map.of(
            "COFFER_ROOT_ACCESS_KEY", StoreProcess.ACCESS_KEY,
            "COFFER_ROOT_SECRET_KEY", StoreProcess.SECRET_KEY);

    @TempDir
    private Path temp;

    @Test
    void itRunsWithoutJava() throws Exception {
        Release release = Release.unpack(temp);
        assertThat(release.output(Map.of(), "--version")).startsWith("coffer ");
        Map<String, String> environment = with(
                ROOT,
                Map.of(
                        "COFFER_DIRECTORIES", temp.resolve("store").toString(),
                        "COFFER_S3_ADDRESS", "127.0.0.1:0",
                        "COFFER_ADMIN_ADDRESS", "127.0.0.1:0"));
        try (ReleaseProcess server = ReleaseProcess.start(
                release.coffer(environment, "server", "--config", "conf/server.yaml"), temp.resolve("server.log"))) {
            assertServes(server);
            assertThat(server.stop()).isZero();
        }
    }

    @Test
    void itsConfigurationFilesMakeACluster() throws Exception {
        Release release = Release.unpack(temp);
        String rpc = freeAddress();
        String admin = freeAddress();
        Map<String, String> founder = Map.of(
                "COFFER_RPC_ADDRESS",
                rpc,
                "COFFER_RAFT_ADDRESS",
                freeAddress(),
                "COFFER_ADMIN_ADDRESS",
                admin,
                "COFFER_FOUNDING_PROTECTION",
                "replica-1");
        try (ReleaseProcess metaserver = node(release, "metaserver", rpc, with(ROOT, founder))) {
            for (String role : List.of("dataserver", "gateway")) {
                String token = release.output(
                        with(ROOT, Map.of("COFFER_ADMIN", "http://" + admin)),
                        "admin",
                        "token",
                        "create",
                        "--role",
                        role,
                        "--bare");
                Files.writeString(temp.resolve(role + ".token"), token);
            }
            Map<String, String> disks = Map.of(
                    "COFFER_NODE_TOKEN_FILE", temp.resolve("dataserver.token").toString(),
                    "COFFER_DISKS", temp.resolve("disk").toString(),
                    "COFFER_CHUNKS_ADDRESS", freeAddress(),
                    "COFFER_ADMIN_ADDRESS", "127.0.0.1:0");
            Map<String, String> s3 = Map.of(
                    "COFFER_NODE_TOKEN_FILE", temp.resolve("gateway.token").toString(),
                    "COFFER_S3_ADDRESS", "127.0.0.1:0",
                    "COFFER_ADMIN_ADDRESS", "127.0.0.1:0");
            try (ReleaseProcess dataserver = node(release, "dataserver", rpc, disks);
                    ReleaseProcess gateway = node(release, "gateway", rpc, s3)) {
                assertServes(gateway);
                assertThat(gateway.stop()).isZero();
                assertThat(dataserver.stop()).isZero();
            }
            assertThat(metaserver.stop()).isZero();
        }
    }

    private ReleaseProcess node(Release release, String role, String metaserver, Map<String, String> environment)
            throws IOException {
        Map<String, String> all = with(
                environment,
                Map.of("COFFER_NODE_DIRECTORY", temp.resolve(role).toString(), "COFFER_NODE_METASERVERS", metaserver));
        return ReleaseProcess.start(
                release.coffer(all, role, "--config", "conf/" + role + ".yaml"), temp.resolve(role + ".log"));
    }

    @Test
    void itNamesEveryLibraryAndItsLicence() throws Exception {
        Release release = Release.unpack(temp);
        String notice = Files.readString(release.home().resolve("NOTICE"));
        try (Stream<Path> jars = Files.list(release.home().resolve("lib/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString())
                            .filter(jar -> !jar.startsWith("coffer-") && !isNamed(notice, jar)))
                    .as("libraries that NOTICE doesn't name")
                    .isEmpty();
        }
    }

    /** By its name without the version, or by the words that it begins with and a star. */
    private static boolean isNamed(String notice, String jar) {
        String name = jar.replaceFirst("-[0-9].*", "");
        List<String> words = List.of(name.split("-"));
        return Stream.concat(
                        Stream.of(name),
                        IntStream.range(1, words.size())
                                .mapToObj(count -> String.join("-", words.subList(0, count)) + "-*"))
                .anyMatch(written -> notice.matches("(?s).*[ (]" + Pattern.quote(written) + "[ ,:)\n].*"));
    }

    private static void assertServes(ReleaseProcess server) throws IOException {
        URI s3 = URI.create(server.readyLine().replaceFirst(".*S3 on (\\S+).*", "$1"));
        try (S3Client client = S3Client.builder()
                .endpointOverride(s3)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build()) {
            byte[] body = new byte[100_000];
            Arrays.fill(body, (byte) 7);
            client.createBucket(request -> request.bucket("release"));
            client.putObject(request -> request.bucket("release").key("key"), RequestBody.fromBytes(body));
            assertThat(client.getObjectAsBytes(
                                    request -> request.bucket("release").key("key"))
                            .asByteArray())
                    .isEqualTo(body);
        }
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private static String freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }
}
