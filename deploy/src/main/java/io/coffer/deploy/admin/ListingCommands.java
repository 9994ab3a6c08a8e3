package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The nouns that can only be listed: {@code coffer admin bucket|node|disk|volume list}. */
final class ListingCommands {
    private ListingCommands() {}

    /** A noun with the one command {@code list}. */
    abstract static class Listing implements Callable<Integer> {
        private final String path;
        private final List<String> columns;

        @ParentCommand
        @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
        private AdminCommand admin;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before any command runs
        private CommandSpec spec;

        Listing(String path, List<String> columns) {
            this.path = path;
            this.columns = columns;
        }

        @Override
        public Integer call() {
            throw new ParameterException(spec.commandLine(), "Missing required command");
        }

        @Command(name = "list", description = "List them.", mixinStandardHelpOptions = true)
        int list() throws AdminFailure {
            try (AdminClient client = admin.client()) {
                admin.print(client.list(Map.of(), path), columns);
            }
            return 0;
        }
    }

    @Command(name = "bucket", description = "Buckets of all accounts.", mixinStandardHelpOptions = true)
    static final class Buckets extends Listing {
        Buckets() {
            super("buckets", List.of("name", "ownerId", "region", "state", "versioning", "created"));
        }
    }

    @Command(name = "volume", description = "Volumes and the disks that hold them.", mixinStandardHelpOptions = true)
    static final class Volumes extends Listing {
        Volumes() {
            super("volumes", List.of("volumeId", "epoch", "policy", "scheme", "state", "behind", "members"));
        }
    }
}
