package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin account}. */
@Command(
        name = "account",
        description = "Accounts, which own buckets and keys.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AccountCommand extends Noun {
    @Command(name = "create", description = "Make an account.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--email", paramLabel = "E", defaultValue = "", description = "For people.") String email)
            throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(client.post(Map.of("name", name, "email", email), "accounts"));
        }
        return 0;
    }

    @Command(name = "list", description = "List accounts.", mixinStandardHelpOptions = true)
    int list() throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(
                    client.list(Map.of(), "accounts"),
                    List.of("accountId", "name", "email", "root", "enabled", "created"));
        }
        return 0;
    }

    @Command(name = "disable", description = "Refuse all keys of an account.", mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "ID", description = "Its id or name.") String account) throws AdminFailure {
        return tell("POST", "accounts", account, "disable");
    }

    @Command(name = "enable", description = "Take its keys again.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "ID", description = "Its id or name.") String account) throws AdminFailure {
        return tell("POST", "accounts", account, "enable");
    }

    @Command(
            name = "delete",
            description = "Delete an account that owns no buckets, and its keys.",
            mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "ID", description = "Its id or name.") String account) throws AdminFailure {
        return tell("DELETE", "accounts", account);
    }
}
