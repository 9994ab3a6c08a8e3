package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code coffer admin kms key}. */
@Command(
        name = "key",
        description = "Keys, which objects name by id, ARN or alias.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KmsKeyCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private KmsCommand kms;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }

    @Command(name = "create", description = "Make a key.", mixinStandardHelpOptions = true)
    int create(
            @Option(
                            names = "--alias",
                            paramLabel = "NAME",
                            defaultValue = "",
                            description = "A name for it, without alias/ before it.")
                    String alias,
            @Option(names = "--description", paramLabel = "D", defaultValue = "", description = "For people.")
                    String description)
            throws AdminFailure {
        try (AdminClient client = kms.admin.client()) {
            kms.admin.print(client.post(Map.of("alias", alias, "description", description), "kms", "keys"));
        }
        return 0;
    }

    @Command(name = "list", description = "List keys.", mixinStandardHelpOptions = true)
    int list() throws AdminFailure {
        try (AdminClient client = kms.admin.client()) {
            kms.admin.print(
                    client.list(Map.of(), "kms", "keys"),
                    List.of(
                            "keyId",
                            "alias",
                            "description",
                            "enabled",
                            "created",
                            "versions",
                            "dataVersions",
                            "rootKey"));
        }
        return 0;
    }

    @Command(
            name = "rotate",
            description = "Give a key another version for what is written from now on.",
            mixinStandardHelpOptions = true)
    int rotate(@Parameters(paramLabel = "ID") String id) throws AdminFailure {
        try (AdminClient client = kms.admin.client()) {
            kms.admin.print(client.post(Map.of(), "kms", "keys", id, "rotate"));
        }
        return 0;
    }

    @Command(
            name = "rewrap",
            description =
                    "Wrap the data keys that earlier versions of a key wrapped with its newest one; data stays as it is."
                            + " It goes on in the background: rewraps shows how far it is.",
            mixinStandardHelpOptions = true)
    int rewrap(@Parameters(paramLabel = "ID") String id) throws AdminFailure {
        try (AdminClient client = kms.admin.client()) {
            kms.admin.print(client.post(Map.of(), "kms", "keys", id, "rewrap"));
        }
        return 0;
    }

    @Command(name = "rewraps", description = "Show how far rewraps are.", mixinStandardHelpOptions = true)
    int rewraps() throws AdminFailure {
        try (AdminClient client = kms.admin.client()) {
            kms.admin.print(
                    client.list(Map.of(), "kms", "rewraps"),
                    List.of(
                            "keyId",
                            "toVersion",
                            "state",
                            "groupsDone",
                            "groups",
                            "pass",
                            "scanned",
                            "rows",
                            "rewrapped",
                            "left",
                            "changed",
                            "reason"));
        }
        return 0;
    }

    @Command(name = "disable", description = "Refuse what a key encrypts.", mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "ID") String id) throws AdminFailure {
        return kms.tell("POST", "kms", "keys", id, "disable");
    }

    @Command(name = "enable", description = "Use a key again.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "ID") String id) throws AdminFailure {
        return kms.tell("POST", "kms", "keys", id, "enable");
    }
}
