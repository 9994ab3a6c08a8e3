package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What {@code coffer admin} can do something with: a command that has only commands, and asks for one of them. */
abstract class Noun implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    AdminCommand admin;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public final Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }

    /** Prints all that there is. */
    final int list(String path, List<String> columns) throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(client.list(Map.of(), path), columns);
        }
        return 0;
    }

    final int tell(String method, String... path) throws AdminFailure {
        try (AdminClient client = admin.client()) {
            client.tell(method, path);
        }
        return 0;
    }
}
