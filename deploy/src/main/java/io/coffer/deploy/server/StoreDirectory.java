package io.coffer.deploy.server;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory that {@code coffer server} was given. Every one holds {@code disk/}; the first also holds {@code store} (who this
 * is), {@code meta/} and {@code keys/}. docs/formats/store-directory.md describes it.
 */
final class StoreDirectory {
    static final String DISK = "disk";
    static final String META = "meta";
    static final String KEYS = "keys";

    private static final String STORE = "store";
    private static final int MAX_STORE_BYTES = 4096;

    /** What {@code mkfs} leaves in a new file system, and what is ours. */
    private static final Set<String> EXPECTED =
            Set.of("lost+found", STORE, STORE + FileSystem.TEMPORARY_SUFFIX, DISK, META, KEYS);

    private static final Pattern FORM =
            Pattern.compile("coffer-store: 1\ncluster: ([0-9a-f-]{36})\nnode: ([0-9a-f-]{36})\n");

    private final String path;
    private final FileSystem files;

    private StoreDirectory(String path, FileSystem files) {
        this.path = path;
        this.files = files;
    }

    /** Who a store is. */
    record Identity(ClusterId cluster, NodeId node) {}

    /**
     * Opens a directory, creating it if need be.
     *
     * @throws StartException if it holds anything that isn't ours
     */
    static StoreDirectory open(String path) throws StartException {
        try {
            FileSystem root = RealFileSystem.at("/");
            String relative = new File(path).getCanonicalPath().substring(1);
            if (relative.isEmpty()) {
                throw new StartException("the root directory can't be a store");
            }
            root.createDirectories(relative);
            FileSystem files = root.subdirectory(relative);
            for (String name : files.list("")) {
                if (!EXPECTED.contains(name)) {
                    throw new StartException(
                            path + " holds '" + name + "', which is not Coffer's: give an empty directory");
                }
            }
            return new StoreDirectory(path, files);
        } catch (IOException e) {
            throw new StartException("can't use " + path + ": " + e.getMessage(), e);
        }
    }

    /** Whether the store was started before. */
    boolean holdsMetadata() throws StartException {
        try {
            return files.exists(META);
        } catch (IOException e) {
            throw new StartException("can't read " + path + ": " + e.getMessage(), e);
        }
    }

    /** Reads who the store is; at the first start, decides it. */
    Identity identity(Supplier<UUID> ids) throws StartException {
        try {
            if (!files.exists(STORE)) {
                if (files.exists(META) || files.exists(KEYS)) {
                    throw new StartException(path + " has metadata but no file '" + STORE + "': it is damaged");
                }
                Identity made = new Identity(new ClusterId(ids.get()), new NodeId(ids.get()));
                files.replace(STORE, text(made).getBytes(StandardCharsets.UTF_8));
                return made;
            }
            String text = new String(files.readSmall(STORE, MAX_STORE_BYTES), StandardCharsets.UTF_8);
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new StartException(path + "/" + STORE + " is damaged or from a newer release");
            }
            return new Identity(ClusterId.parse(matcher.group(1)), NodeId.parse(matcher.group(2)));
        } catch (IOException e) {
            throw new StartException("can't read " + path + "/" + STORE + ": " + e.getMessage(), e);
        }
    }

    /** A directory inside, created if it is missing. */
    FileSystem inside(String name) throws StartException {
        try {
            files.createDirectories(name);
        } catch (IOException e) {
            throw new StartException("can't create " + path + "/" + name + ": " + e.getMessage(), e);
        }
        return files.subdirectory(name);
    }

    String path() {
        return path;
    }

    String pathOf(String name) {
        return files.realPath(name).orElseThrow();
    }

    private static String text(Identity identity) {
        return "coffer-store: 1\ncluster: " + identity.cluster() + "\nnode: " + identity.node() + "\n";
    }
}
