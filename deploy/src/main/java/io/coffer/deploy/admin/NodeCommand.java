package io.coffer.deploy.admin;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coffer admin node}, {@code metaserver} and {@code disk}: what a cluster is made of. */
final class NodeCommand {
    private NodeCommand() {}

    @Command(
            name = "node",
            description = "The processes of the cluster.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class Nodes extends Noun {
        @Command(name = "list", description = "List them.", mixinStandardHelpOptions = true)
        int list() throws AdminFailure {
            return list("nodes", List.of("name", "role", "state", "draining", "location", "address", "nodeId"));
        }

        @Command(
                name = "drain",
                description = "Move what is on a dataserver to others; it takes nothing new.",
                mixinStandardHelpOptions = true)
        int drain(@Parameters(paramLabel = "NODE", description = "A name or id.") String node) throws AdminFailure {
            return tell("POST", "nodes", node, "drain");
        }

        @Command(name = "undrain", description = "Use a node again.", mixinStandardHelpOptions = true)
        int undrain(@Parameters(paramLabel = "NODE", description = "A name or id.") String node) throws AdminFailure {
            return tell("POST", "nodes", node, "undrain");
        }

        @Command(
                name = "remove",
                description = "Take a node that nothing is on any more out of the cluster, for good.",
                mixinStandardHelpOptions = true)
        int remove(@Parameters(paramLabel = "NODE", description = "A name or id.") String node) throws AdminFailure {
            return tell("DELETE", "nodes", node);
        }
    }

    @Command(
            name = "metaserver",
            description = "Who keeps the metadata.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class Metaservers extends Noun {
        @Command(name = "list", description = "List the metadata groups.", mixinStandardHelpOptions = true)
        int list() throws AdminFailure {
            return list("metaservers", List.of("groupId", "kind", "leader", "members", "behind"));
        }

        @Command(
                name = "add",
                description = "Give a metaserver a member of every group.",
                mixinStandardHelpOptions = true)
        int add(@Parameters(paramLabel = "NODE", description = "A name or id.") String node) throws AdminFailure {
            return tell("POST", "metaservers", node);
        }

        @Command(
                name = "remove",
                description = "Take a metaserver out of every group.",
                mixinStandardHelpOptions = true)
        int remove(@Parameters(paramLabel = "NODE", description = "A name or id.") String node) throws AdminFailure {
            return tell("DELETE", "metaservers", node);
        }
    }

    @Command(
            name = "disk",
            description = "Disks.",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND")
    static final class Disks extends Noun {
        @Command(name = "list", description = "List them.", mixinStandardHelpOptions = true)
        int list() throws AdminFailure {
            return list("disks", List.of("diskId", "node", "path", "state", "totalBytes", "freeBytes"));
        }

        @Command(
                name = "remove",
                description = "Forget a disk that is lost for good and that no volume uses any more.",
                mixinStandardHelpOptions = true)
        int remove(@Parameters(paramLabel = "DISK") String disk) throws AdminFailure {
            return tell("DELETE", "disks", disk);
        }
    }
}
