package io.coffer.deploy.cluster;

import io.coffer.common.cluster.Node;
import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The configuration files of a cluster's processes. What an operator adds to one stays: they are written once. */
final class NodeFiles {
    static final String CONFIG = "config.yaml";
    static final String TOKEN = "token";

    private final FileSystem directory;
    private final String path;
    private final ClusterLayout layout;

    /** @param path where {@code directory} is on this host */
    NodeFiles(FileSystem directory, String path, ClusterLayout layout) {
        this.directory = directory;
        this.path = path;
        this.layout = layout;
    }

    boolean exist(ClusterNode node) throws IOException {
        return directory.exists(node.name() + "/" + CONFIG);
    }

    String config(ClusterNode node) {
        return path + "/" + node.name() + "/" + CONFIG;
    }

    /** @param token with which it joins; empty for the metaserver that founds the cluster */
    void write(ClusterNode node, String token, String protection) throws IOException {
        directory.createDirectories(node.name());
        if (!token.isEmpty()) {
            put(node, TOKEN, token + "\n");
        }
        // The last one: where it is, the others are.
        put(node, CONFIG, text(node, token.isEmpty(), protection));
    }

    private void put(ClusterNode node, String file, String content) throws IOException {
        directory.replace(node.name() + "/" + file, content.getBytes(StandardCharsets.UTF_8));
    }

    private String text(ClusterNode node, boolean founds, String protection) {
        String own = path + "/" + node.name();
        String metaservers = layout.of(Node.Role.METASERVER).stream()
                .map(metaserver -> "\"" + metaserver.address() + "\"")
                .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder();
        text.append("node:\n");
        text.append("  name: ").append(node.name()).append('\n');
        // On one host, each process stands for a host of its own.
        text.append("  location: site/rack/").append(node.name()).append('\n');
        text.append("  directory: \"").append(own).append("/data\"\n");
        text.append("  metaservers: [").append(metaservers).append("]\n");
        if (!founds) {
            text.append("  token-file: \"")
                    .append(own)
                    .append('/')
                    .append(TOKEN)
                    .append("\"\n");
        }
        text.append("admin:\n  address: ").append(node.adminAddress()).append('\n');
        switch (node.role()) {
            case METASERVER -> {
                text.append("rpc:\n  address: ").append(node.address()).append('\n');
                text.append("raft:\n  address: ").append(node.peerAddress()).append('\n');
                if (founds) {
                    text.append("initialize: true\n");
                    text.append("founding:\n  protection: ").append(protection).append('\n');
                }
            }
            case DATASERVER -> {
                text.append("disks: [\"").append(own).append("/disk-1\"]\n");
                text.append("chunks:\n  address: ").append(node.address()).append('\n');
            }
            case GATEWAY ->
                text.append("s3:\n  address: ").append(node.address()).append("\nshutdown:\n  drain: 1s\n");
        }
        return text.toString();
    }
}
