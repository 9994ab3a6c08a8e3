package io.coffer.deploy.admin;

import io.coffer.common.io.RealFileSystem;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer admin}: what all its commands share. */
@Command(
        name = "admin",
        description = "Manage accounts and keys, and look at a running store.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AccountCommand.class,
            KeyCommand.class,
            KmsCommand.class,
            ListingCommands.Buckets.class,
            NodeCommand.Nodes.class,
            NodeCommand.Metaservers.class,
            NodeCommand.Disks.class,
            TokenCommand.class,
            ListingCommands.Volumes.class,
            RepairCommand.class
        })
public final class AdminCommand implements Callable<Integer> {
    private static final String DEFAULT_SERVER = "http://127.0.0.1:9001";
    private static final int MAX_PEM_BYTES = 1 << 20;

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Where the admin interface is. Default: COFFER_ADMIN, or " + DEFAULT_SERVER)
    private @Nullable String server;

    @Option(
            names = "--access-key",
            paramLabel = "KEY",
            scope = ScopeType.INHERIT,
            description = "A key of the root account. Default: COFFER_ROOT_ACCESS_KEY")
    private @Nullable String accessKey;

    @Option(
            names = "--secret-key",
            paramLabel = "SECRET",
            scope = ScopeType.INHERIT,
            description = "Its secret. Default: COFFER_ROOT_SECRET_KEY")
    private @Nullable String secretKey;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Certificates to trust, in PEM. Default: those that the JDK trusts")
    private @Nullable String ca;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON.")
    private boolean json;

    public AdminCommand() {
        this(System.getenv());
    }

    AdminCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }

    @Command(name = "status", description = "The state of the cluster.", mixinStandardHelpOptions = true)
    int status() throws AdminFailure {
        try (AdminClient client = client()) {
            print(client.get("status"));
        }
        return 0;
    }

    @Command(name = "usage", description = "What buckets hold.", mixinStandardHelpOptions = true)
    int usage() throws AdminFailure {
        try (AdminClient client = client()) {
            print(
                    client.list(Map.of(), "usage"),
                    List.of("bucket", "ownerId", "objects", "versions", "deleteMarkers", "uploads", "bytes"));
        }
        return 0;
    }

    /** A client for one command; the caller closes it. */
    AdminClient client() throws AdminFailure {
        String access = given(accessKey, "--access-key", "COFFER_ROOT_ACCESS_KEY");
        String secret = given(secretKey, "--secret-key", "COFFER_ROOT_SECRET_KEY");
        return new AdminClient(address(), access, secret, trust(), InstantSource.system());
    }

    private String given(@Nullable String option, String name, String variable) {
        String value = option == null ? environment.getOrDefault(variable, "") : option;
        if (value.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give " + name + ", or set " + variable);
        }
        return value;
    }

    private URI address() {
        String text = server == null ? environment.getOrDefault("COFFER_ADMIN", "") : server;
        String address = text.isEmpty() ? DEFAULT_SERVER : text;
        try {
            URI uri = new URI(address);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new ParameterException(
                spec.commandLine(), "'" + address + "' is no address of an admin interface, such as " + DEFAULT_SERVER);
    }

    private Optional<SSLContext> trust() throws AdminFailure {
        if (ca == null) {
            return Optional.empty();
        }
        File file = new File(ca).getAbsoluteFile();
        try {
            byte[] pem = RealFileSystem.at(file.getParent()).readSmall(file.getName(), MAX_PEM_BYTES);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return Optional.of(context);
        } catch (IOException | GeneralSecurityException e) {
            throw new AdminFailure("can't read certificates from " + ca + ": " + e.getMessage());
        }
    }

    /** Prints a document: as JSON, or line by line. */
    void print(JsonNode document) {
        write(json ? document.toString() + '\n' : Table.of(document));
    }

    /** Prints a list: as JSON, or as a table of these members. */
    void print(JsonNode items, List<String> columns) {
        write(json ? items.toString() + '\n' : Table.of(items, columns));
    }

    /** Prints a document and some of its lists: as one piece of JSON, or line by line with tables behind. */
    void print(JsonNode document, Map<String, List<String>> tables) {
        if (json) {
            print(document);
            return;
        }
        StringBuilder text = new StringBuilder(Table.of(without(document, tables.keySet())));
        tables.forEach((name, columns) -> {
            if (!document.path(name).isEmpty()) {
                text.append('\n').append(Table.of(document.path(name), columns));
            }
        });
        write(text.toString());
    }

    private static JsonNode without(JsonNode document, Set<String> names) {
        return ((ObjectNode) document.deepCopy()).remove(names);
    }

    /** Prints a line as it is. */
    void print(String line) {
        write(line + '\n');
    }

    private void write(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
