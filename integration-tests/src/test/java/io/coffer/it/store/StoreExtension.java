package io.coffer.it.store;

import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a {@link Store}: one server for all classes of a run, started when the first of them asks. */
public final class StoreExtension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Store.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(StoreExtension.class))
                .computeIfAbsent(Running.class, _ -> new Running(), Running.class)
                .store;
    }

    /** The server, stopped at the end of the run. */
    private static final class Running implements AutoCloseable {
        private final Path directory;
        private final StoreProcess process;
        private final Store store;

        Running() {
            try {
                directory = Files.createTempDirectory("coffer-it");
                process = StoreProcess.start(List.of(directory.resolve("disk")));
                store = new Store(process.s3(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            store.close();
            process.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
