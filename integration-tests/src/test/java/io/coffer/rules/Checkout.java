package io.coffer.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The files of this checkout, without what the build or an editor left there. */
public final class Checkout {
    private static final Set<String> NOT_OURS = Set.of("target", "data", "node_modules");

    final Path root;

    private Checkout(Path root) {
        this.root = root;
    }

    /** The checkout that the tests run in: the first directory upwards that has the Maven wrapper. */
    static Checkout here() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException("not inside a checkout");
    }

    /** Its directory. */
    public static Path directory() {
        return here().root;
    }

    /** Files whose path from the root, with {@code /}, satisfies {@code wanted}; sorted. */
    List<Path> files(Predicate<String> wanted) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    String name = directory.getFileName().toString();
                    boolean hidden = name.startsWith(".") && !name.equals(".ci") && !name.equals(".mvn");
                    return !directory.equals(root) && (hidden || NOT_OURS.contains(name))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (wanted.test(name(file))) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return found;
    }

    List<Path> mainSources() {
        return files(name -> name.contains("/src/main/java/") && name.endsWith(".java"));
    }

    /** The path from the root, with {@code /}. */
    String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
