package io.coffer.deploy.server;

import io.coffer.common.config.ConfigException;
import io.coffer.common.config.ConfigLoader;
import io.coffer.common.config.ConfigSource;
import io.coffer.common.config.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer server}: runs a store of one process until it is told to stop. */
@Command(
        name = "server",
        description = "Runs everything in one process. Prints a line that begins with 'ready' when it can serve.",
        mixinStandardHelpOptions = true)
public final class ServerCommand implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    /** Variables with the prefix of configuration keys that are none. */
    public static final Set<String> OTHER_VARIABLES = Set.of(
            RootCredentials.ACCESS_VARIABLE,
            RootCredentials.SECRET_VARIABLE,
            "COFFER_ADMIN",
            "COFFER_JAVA_OPTS",
            "COFFER_LOG_FORMAT",
            "COFFER_LOG_LEVEL");

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR",
            description = "One directory for each disk; the first also keeps the metadata. Default: data")
    private List<String> directories = List.of();

    @Option(names = "--s3", paramLabel = "HOST:PORT", description = "Where S3 is served. Default: 127.0.0.1:9000")
    private @Nullable String s3;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Where the admin interface, metrics and health are served. Default: 127.0.0.1:9001")
    private @Nullable String admin;

    @Option(names = "--config", paramLabel = "FILE", description = "A configuration file (YAML).")
    private @Nullable String file;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        ServerConfig config;
        try {
            config = config(environment);
        } catch (ConfigException | IllegalArgumentException e) {
            System.err.println("coffer: " + e.getMessage());
            return WRONG_USAGE;
        }
        CofferServer server;
        try {
            server = CofferServer.start(config, environment);
        } catch (StartException e) {
            System.err.println("coffer: " + e.getMessage());
            return FAILED;
        }
        server.madeCredentials().ifPresent(root -> {
            System.out.println("root access key: " + root.accessKey());
            System.out.println("root secret key: " + root.secretKey());
            System.out.println("(shown once; kept in " + config.directories().getFirst() + "/keys/root)");
        });
        CountDownLatch stopped = stopOnSignal(server);
        System.out.println("ready: S3 on " + server.s3() + " admin on " + server.admin());
        stopped.await();
        return DONE;
    }

    private ServerConfig config(Map<String, String> environment) throws ConfigException {
        ServerConfig config = ConfigLoader.load(
                ServerConfig.class,
                file == null
                        ? ConfigSource.ofEnvironment(environment, OTHER_VARIABLES)
                        : ConfigSource.ofFile(file, environment, OTHER_VARIABLES));
        if (!directories.isEmpty()) {
            config = config.withDirectories(directories);
        }
        if (s3 != null) {
            config = config.withS3(HostPort.parse(s3));
        }
        if (admin != null) {
            config = config.withAdmin(HostPort.parse(admin));
        }
        return config;
    }

    /** On SIGTERM or SIGINT the JVM runs its hooks; this one finishes what is in flight and ends the process with 0. */
    private static CountDownLatch stopOnSignal(CofferServer server) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            stopped.countDown();
                            Runtime.getRuntime().halt(DONE);
                        },
                        "stop"));
        return stopped;
    }
}
