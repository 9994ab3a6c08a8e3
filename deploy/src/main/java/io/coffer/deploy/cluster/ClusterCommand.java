package io.coffer.deploy.cluster;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.io.AlreadyLockedException;
import io.coffer.deploy.admin.AdminFailure;
import io.coffer.deploy.server.RootCredentials;
import io.coffer.deploy.server.StartException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer cluster}: separate processes on this host, the same way a rack runs them. */
@Command(
        name = "cluster",
        description = "Run a cluster of separate processes on this host, to try it and to test.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ClusterCommand implements Callable<Integer> {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MAX_PROCESSES = 16;
    private static final int MAX_PORT = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "cluster",
            description = "Where everything is kept. Default: cluster")
    private String dir = "cluster";

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }

    @Command(
            name = "start",
            description = "Start it, founding it if there is none; returns when every process is ready.",
            mixinStandardHelpOptions = true)
    int start(
            @Option(names = "--metaservers", paramLabel = "N", defaultValue = "3") int metaservers,
            @Option(names = "--dataservers", paramLabel = "N", defaultValue = "4") int dataservers,
            @Option(names = "--gateways", paramLabel = "N", defaultValue = "1") int gateways,
            @Option(
                            names = "--s3-port",
                            paramLabel = "PORT",
                            defaultValue = "9000",
                            description = "The first gateway's; its admin interface has the next. Default: 9000")
                    int s3Port,
            @Option(
                            names = "--protection",
                            paramLabel = "POLICY",
                            defaultValue = "",
                            description = "replica-1 to replica-5. Default: a copy on each of up to three dataservers")
                    String protection) {
        for (int count : List.of(metaservers, dataservers, gateways)) {
            if (count < 1 || count > MAX_PROCESSES) {
                throw new ParameterException(
                        spec.commandLine(), "there are 1 to " + MAX_PROCESSES + " processes of each kind");
            }
        }
        if (s3Port < 1 || s3Port + 2 * gateways - 1 > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), s3Port + " leaves no ports for the gateways");
        }
        String policy = protection.isEmpty() ? "replica-" + Math.min(3, dataservers) : protection;
        try {
            ProtectionScheme.parse(policy);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return with(cluster -> {
            RootCredentials root = cluster.start(
                    new ClusterLayout.Size(metaservers, dataservers, gateways, s3Port), policy, System.getenv());
            if (root.made()) {
                out().println("root access key: " + root.accessKey());
                out().println("root secret key: " + root.secretKey());
                out().println("(shown once; kept in " + dir + "/root)");
            }
            print(cluster.status());
        });
    }

    @Command(
            name = "status",
            description = "One line for each process: name, role, address, pid, state.",
            mixinStandardHelpOptions = true)
    int status(@Option(names = "--json", description = "Print JSON.") boolean json) {
        return with(LocalCluster::look, cluster -> {
            if (json) {
                out().println(document(cluster.status()));
            } else {
                print(cluster.status());
            }
        });
    }

    @Command(name = "stop", description = "Stop every process in good order.", mixinStandardHelpOptions = true)
    int stop() {
        return with(LocalCluster::stop);
    }

    @Command(name = "kill", description = "Kill a process, as a crash would.", mixinStandardHelpOptions = true)
    int kill(@Parameters(paramLabel = "NODE") String node) {
        return with(cluster -> cluster.kill(node));
    }

    @Command(
            name = "restart",
            description = "Stop a process, if it runs, and start it; returns when it is ready.",
            mixinStandardHelpOptions = true)
    int restart(@Parameters(paramLabel = "NODE") String node) {
        return with(cluster -> cluster.restart(node, System.getenv()));
    }

    @FunctionalInterface
    private interface Action {
        void run(LocalCluster cluster) throws IOException, StartException, InterruptedException, AdminFailure;
    }

    @FunctionalInterface
    private interface Opening {
        LocalCluster open(String dir, String launcher) throws IOException;
    }

    private int with(Action action) {
        return with(LocalCluster::open, action);
    }

    private int with(Opening opening, Action action) {
        try (LocalCluster cluster = opening.open(dir, launcher())) {
            action.run(cluster);
            out().flush();
            return DONE;
        } catch (AlreadyLockedException e) {
            return failed("another command works on the cluster in " + dir);
        } catch (IOException | StartException | AdminFailure e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("interrupted");
        }
    }

    private int failed(String why) {
        out().flush();
        spec.commandLine().getErr().println("coffer: " + why);
        return FAILED;
    }

    /** The script that runs this program names itself; it runs the processes too. */
    private static String launcher() throws StartException {
        String launcher = System.getProperty("coffer.launcher", "");
        if (launcher.isEmpty()) {
            throw new StartException("coffer cluster is run by the program coffer only");
        }
        return launcher;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void print(List<LocalCluster.Line> lines) {
        for (LocalCluster.Line line : lines) {
            ClusterNode node = line.node();
            out().printf(
                            "%-14s %-10s %-21s %-8s %s%n",
                            node.name(),
                            node.command(),
                            node.address(),
                            line.pid().map(String::valueOf).orElse("-"),
                            state(line));
        }
    }

    private static String state(LocalCluster.Line line) {
        return line.state().name().toLowerCase(Locale.ROOT);
    }

    private static ArrayNode document(List<LocalCluster.Line> lines) {
        ArrayNode document = JsonMapper.shared().createArrayNode();
        for (LocalCluster.Line line : lines) {
            ObjectNode item = document.addObject();
            item.put("name", line.node().name());
            item.put("role", line.node().command());
            item.put("address", line.node().address());
            if (line.pid().isPresent()) {
                item.put("pid", line.pid().get());
            } else {
                item.putNull("pid");
            }
            item.put("state", state(line));
        }
        return document;
    }
}
