package io.coffer.common.io.fault;

/** What a name stands for. Compared by identity, as inodes are. */
sealed interface Node permits FileNode, DirectoryNode {}
