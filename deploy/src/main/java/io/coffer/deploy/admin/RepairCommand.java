package io.coffer.deploy.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code coffer admin repair}. */
@Command(
        name = "repair",
        description = "What brings redundancy back.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RepairCommand extends Noun {
    @Command(
            name = "status",
            description = "How whole the volumes are, and which members wait for something.",
            mixinStandardHelpOptions = true)
    int status() throws AdminFailure {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        tables.put("exposure", List.of("spare", "missing", "volumes"));
        tables.put(
                "members",
                List.of("volumeId", "index", "spare", "state", "node", "path", "from", "behindSince", "behindSeconds"));
        try (AdminClient client = admin.client()) {
            admin.print(client.get("repair"), tables);
        }
        return 0;
    }
}
