package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.rules.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Does what {@code docs/operations/encryption.md} says, in its words. */
class EncryptionPageIT {
    private static final String BODY = "the backup server's secret";

    @TempDir
    Path directory;

    private String page = "";
    private String id = "";

    @BeforeEach
    void readPage() throws IOException {
        page = Files.readString(Checkout.directory().resolve("docs/operations/encryption.md"));
    }

    /** The commands of the page that begin like this, in order. */
    private List<String> commands(String beginning) {
        return page.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    private void shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as(command).isZero();
    }

    /** Runs a command of the page with the key's id in it; answers what it printed. */
    private String coffer(StoreProcess store, String command) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.coffer.deploy.Coffer"));
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(command.replace("./coffer ", ""));
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2).replace("ID", id) : matcher.group(1));
        }
        words.add("--json");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("COFFER_ADMIN", store.admin().toString());
        builder.environment().put("COFFER_ROOT_ACCESS_KEY", StoreProcess.ACCESS_KEY);
        builder.environment().put("COFFER_ROOT_SECRET_KEY", StoreProcess.SECRET_KEY);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command).isZero();
        return output;
    }

    private StoreProcess start(String root, String previous) throws Exception {
        return StoreProcess.start(
                List.of(directory.resolve("disk")),
                Map.of(
                        "COFFER_ENCRYPTION_ROOT_KEY_FILE",
                        directory.resolve(root).toString(),
                        "COFFER_ENCRYPTION_PREVIOUS_ROOT_KEY_FILES",
                        previous.isEmpty() ? "" : directory.resolve(previous).toString()));
    }

    private static Store client(StoreProcess process) {
        return new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
    }

    @Test
    void itsStepsDoWhatItSays() throws Exception {
        List<String> makeKey = commands("openssl rand");
        assertThat(makeKey).hasSize(2);
        shell(makeKey.getFirst());
        List<String> keys = commands("./coffer admin kms key");
        assertThat(keys).hasSize(7);
        try (StoreProcess process = start("root.key", "");
                Store store = client(process)) {
            Matcher made = Pattern.compile("\"keyId\":\"([^\"]*)\"").matcher(coffer(process, keys.getFirst()));
            assertThat(made.find()).isTrue();
            id = made.group(1);
            store.s3().createBucket(create -> create.bucket("backups"));
            assertThat(store.s3()
                            .putObject(put -> put.bucket("backups").key("default"), RequestBody.fromString(BODY))
                            .serverSideEncryption())
                    .isEqualTo(ServerSideEncryption.AES256);
            store.s3()
                    .putObject(
                            put -> put.bucket("backups")
                                    .key("dump.tar")
                                    .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                                    .ssekmsKeyId("alias/backup"),
                            RequestBody.fromString(BODY));
            assertThat(coffer(process, keys.get(1))).contains(id, "alias/backup", "the backup server's");
            assertThat(coffer(process, keys.get(2))).contains("\"versions\":2");
            assertThat(read(store)).isEqualTo(BODY);
            coffer(process, keys.get(3));
            assertThat(store.request("GET", "/backups/dump.tar").send().code()).isEqualTo("KMS.DisabledException");
            coffer(process, keys.get(4));
            assertThat(read(store)).isEqualTo(BODY);
            coffer(process, keys.get(5));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> coffer(process, keys.get(6)).contains("\"state\":\"done\""));
            assertThat(coffer(process, keys.get(1))).contains("\"dataVersions\":\"2..2\"");
            assertThat(read(store)).isEqualTo(BODY);
        }
        shell(makeKey.getLast());
        try (StoreProcess process = start("root-2.key", "root.key");
                Store store = client(process)) {
            assertThat(read(store)).isEqualTo(BODY);
            List<String> rewrap = commands("./coffer admin kms rewrap");
            assertThat(coffer(process, rewrap.getFirst())).contains("\"versions\":3");
        }
        try (StoreProcess process = start("root-2.key", "");
                Store store = client(process)) {
            assertThat(read(store)).isEqualTo(BODY);
        }
    }

    private static String read(Store store) {
        return store.s3()
                .getObjectAsBytes(get -> get.bucket("backups").key("dump.tar"))
                .asUtf8String();
    }
}
