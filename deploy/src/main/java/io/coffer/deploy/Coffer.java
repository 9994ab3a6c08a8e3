package io.coffer.deploy;

import io.coffer.deploy.admin.AdminCommand;
import io.coffer.deploy.bench.BenchCommand;
import io.coffer.deploy.cluster.ClusterCommand;
import io.coffer.deploy.node.RoleCommands;
import io.coffer.deploy.server.ServerCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code coffer}: one command line for every process and tool. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "coffer",
        description = "An on-premise object store that speaks Amazon S3.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            ServerCommand.class,
            RoleCommands.Gateway.class,
            RoleCommands.Metaserver.class,
            RoleCommands.Dataserver.class,
            ClusterCommand.class,
            AdminCommand.class,
            BenchCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Coffer implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    private Coffer() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command line and returns its exit code; separate from {@link #main} so that tests can call it. */
    static int run(String... args) {
        return new CommandLine(new Coffer())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    System.err.println("coffer: " + reason(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
