package io.coffer.deploy.admin;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** The nouns that can only be listed: {@code coffer admin bucket|volume list}, and {@code bucket purges}. */
final class ListingCommands {
    private ListingCommands() {}

    /** A noun with the one command {@code list}. */
    abstract static class Listing extends Noun {
        private final String path;
        private final List<String> columns;

        Listing(String path, List<String> columns) {
            this.path = path;
            this.columns = columns;
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

        @Command(
                name = "purges",
                description = "Buckets that are being deleted with all that is in them, and how far that is.",
                mixinStandardHelpOptions = true)
        int purges() throws AdminFailure {
            try (AdminClient client = admin.client()) {
                admin.print(
                        client.list(Map.of(), "purges"),
                        List.of("bucket", "ownerId", "state", "versions", "bytes", "locked", "begun"));
            }
            return 0;
        }
    }

    @Command(name = "volume", description = "Volumes and the disks that hold them.", mixinStandardHelpOptions = true)
    static final class Volumes extends Listing {
        Volumes() {
            super("volumes", List.of("volumeId", "epoch", "policy", "scheme", "state", "behind", "members"));
        }
    }
}
