package io.coffer.common.io.fault;

import java.util.TreeMap;

/** A directory: its names as programs see them, and as the disk has them. Guarded by the owning file system. */
final class DirectoryNode implements Node {
    final TreeMap<String, Node> current = new TreeMap<>();
    final TreeMap<String, Node> durable = new TreeMap<>();
}
