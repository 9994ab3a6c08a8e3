package io.coffer.deploy.node;

import io.coffer.common.config.ConfigException;
import io.coffer.common.config.ConfigLoader;
import io.coffer.common.config.ConfigSource;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.WallClock;
import io.coffer.deploy.server.ServerCommand;
import io.coffer.deploy.server.StartException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code coffer metaserver}, {@code dataserver} and {@code gateway}: one process of a cluster, until it is told to stop. */
public final class RoleCommands {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private RoleCommands() {}

    /** What the three share. */
    abstract static class Role<C extends Record> implements Callable<Integer> {
        private final Class<C> type;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "A configuration file (YAML). Variables of the environment override it.")
        private @Nullable String file;

        Role(Class<C> type) {
            this.type = type;
        }

        abstract RoleProcess start(C config, Surroundings surroundings)
                throws StartException, IOException, InterruptedException;

        @Override
        public Integer call() throws InterruptedException {
            Map<String, String> environment = System.getenv();
            C config;
            try {
                config = ConfigLoader.load(
                        type,
                        file == null
                                ? ConfigSource.ofEnvironment(environment, ServerCommand.OTHER_VARIABLES)
                                : ConfigSource.ofFile(file, environment, ServerCommand.OTHER_VARIABLES));
            } catch (ConfigException | IllegalArgumentException e) {
                System.err.println("coffer: " + e.getMessage());
                return WRONG_USAGE;
            }
            Dismissal dismissal = new Dismissal(() -> System.exit(Dismissal.EXIT_CODE));
            RoleProcess process;
            try {
                process = start(config, new Surroundings(environment, WallClock.SYSTEM, dismissal));
            } catch (StartException | IOException e) {
                if (e.getCause() instanceof RefusedException refused && refused.refusal() == Refusal.NODE_REMOVED) {
                    // Heard before the first heartbeat was answered.
                    dismissal.tell(refused.detail());
                    return Dismissal.EXIT_CODE;
                }
                System.err.println("coffer: " + e.getMessage());
                return FAILED;
            }
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                process.close();
                                stopped.countDown();
                                Runtime.getRuntime().halt(dismissal.isTold() ? Dismissal.EXIT_CODE : DONE);
                            },
                            "stop"));
            System.out.println("ready: " + process.endpoints());
            stopped.await();
            return DONE;
        }
    }

    /** {@code coffer metaserver}. */
    @Command(
            name = "metaserver",
            description = "Runs a metaserver of a cluster. Prints a line that begins with 'ready' when it can serve.",
            mixinStandardHelpOptions = true)
    public static final class Metaserver extends Role<MetaserverConfig> {
        public Metaserver() {
            super(MetaserverConfig.class);
        }

        @Override
        RoleProcess start(MetaserverConfig config, Surroundings surroundings)
                throws StartException, IOException, InterruptedException {
            MetaserverProcess process = MetaserverProcess.start(config, surroundings);
            process.madeCredentials().ifPresent(root -> {
                System.out.println("root access key: " + root.accessKey());
                System.out.println("root secret key: " + root.secretKey());
                System.out.println("(shown once; kept in " + config.node().directory() + "/keys/root)");
            });
            return process;
        }
    }

    /** {@code coffer dataserver}. */
    @Command(
            name = "dataserver",
            description = "Runs a dataserver of a cluster. Prints a line that begins with 'ready' when it can serve.",
            mixinStandardHelpOptions = true)
    public static final class Dataserver extends Role<DataserverConfig> {
        public Dataserver() {
            super(DataserverConfig.class);
        }

        @Override
        RoleProcess start(DataserverConfig config, Surroundings surroundings)
                throws StartException, IOException, InterruptedException {
            return DataserverProcess.start(config, surroundings);
        }
    }

    /** {@code coffer gateway}. */
    @Command(
            name = "gateway",
            description = "Runs a gateway of a cluster. Prints a line that begins with 'ready' when it can serve.",
            mixinStandardHelpOptions = true)
    public static final class Gateway extends Role<GatewayConfig> {
        public Gateway() {
            super(GatewayConfig.class);
        }

        @Override
        RoleProcess start(GatewayConfig config, Surroundings surroundings)
                throws StartException, IOException, InterruptedException {
            return GatewayProcess.start(config, surroundings);
        }
    }
}
