package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin key}. */
@Command(
        name = "key",
        description = "Access keys.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand extends Noun {
    @Command(
            name = "create",
            description = "Make a key and show its secret, this once.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--account", paramLabel = "NAME", required = true, description = "Whose: an id or name.")
                    String account,
            @Option(names = "--description", paramLabel = "D", defaultValue = "", description = "For people.")
                    String description)
            throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(client.post(Map.of("account", account, "description", description), "keys"));
        }
        return 0;
    }

    @Command(name = "list", description = "List keys.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--account", paramLabel = "NAME", defaultValue = "", description = "Only this account's.")
                    String account)
            throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(
                    client.list(account.isEmpty() ? Map.of() : Map.of("account", account), "keys"),
                    List.of("accessKey", "accountId", "description", "enabled", "created"));
        }
        return 0;
    }

    @Command(name = "disable", description = "Refuse a key.", mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "ID") String accessKey) throws AdminFailure {
        return tell("POST", "keys", accessKey, "disable");
    }

    @Command(name = "enable", description = "Take a key again.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "ID") String accessKey) throws AdminFailure {
        return tell("POST", "keys", accessKey, "enable");
    }

    @Command(name = "delete", description = "Delete a key.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "ID") String accessKey) throws AdminFailure {
        return tell("DELETE", "keys", accessKey);
    }
}
