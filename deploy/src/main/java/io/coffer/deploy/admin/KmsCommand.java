package io.coffer.deploy.admin;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code coffer admin kms}. */
@Command(
        name = "kms",
        description = "The key store: keys that wrap the keys of encrypted objects.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = KmsKeyCommand.class)
final class KmsCommand extends Noun {
    @Command(
            name = "rewrap",
            description = "Wrap all keys with the root key of today; data stays as it is.",
            mixinStandardHelpOptions = true)
    int rewrap() throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(client.post(Map.of(), "kms", "rewrap"));
        }
        return 0;
    }
}
