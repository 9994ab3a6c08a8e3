package io.coffer.it.store;

import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link Store}: one server for all classes of a run, started when the first of them asks. At the end it must stop as it
 * should, and must not have logged an error or the leak of a buffer.
 */
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
                process = StoreProcess.launch(
                        List.of(directory.resolve("disk")),
                        Map.of(
                                "JDK_JAVA_OPTIONS", "-Dio.netty.leakDetection.level=paranoid",
                                "COFFER_ENCRYPTION_CUSTOMER_KEYS", "always"));
                store = new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            store.close();
            int exit = process.stop();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            List<String> complaints = process.output()
                    .lines()
                    .filter(line -> line.contains("LEAK:") || line.contains(" ERROR "))
                    .toList();
            if (exit != 0 || !complaints.isEmpty()) {
                throw new AssertionError("the server ended with " + exit + " and said " + complaints);
            }
        }
    }
}
