package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code coffer admin token}. */
@Command(
        name = "token",
        description = "One-time tokens with which nodes join.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommand extends Noun {
    @Command(name = "create", description = "Make a token and show it, this once.", mixinStandardHelpOptions = true)
    int create(
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            required = true,
                            description = "What the node will be: gateway, metaserver or dataserver.")
                    String role,
            @Option(
                            names = "--ttl",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            description = "How long it may be used. Default: ${DEFAULT-VALUE}")
                    String ttl,
            @Option(names = "--bare", description = "Print the token and nothing else, as node.token-file takes it.")
                    boolean bare)
            throws AdminFailure {
        try (AdminClient client = admin.client()) {
            JsonNode made = client.post(Map.of("role", role, "ttl", ttl), "tokens");
            if (bare) {
                admin.print(made.path("token").asString());
            } else {
                admin.print(made);
            }
        }
        return 0;
    }

    @Command(name = "list", description = "List tokens, without their secrets.", mixinStandardHelpOptions = true)
    int list() throws AdminFailure {
        try (AdminClient client = admin.client()) {
            admin.print(client.list(Map.of(), "tokens"), List.of("id", "role", "state", "nodeId", "expires"));
        }
        return 0;
    }

    @Command(name = "delete", description = "Take a token back.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "ID") String id) throws AdminFailure {
        try (AdminClient client = admin.client()) {
            client.tell("DELETE", "tokens", id);
        }
        return 0;
    }
}
