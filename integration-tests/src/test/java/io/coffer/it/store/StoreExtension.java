package io.coffer.it.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.ClusterProcesses;
import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a {@link Store}: one server for all classes of a run, started when the first of them asks. At the end it must stop as it
 * should, and must not have logged an error or the leak of a buffer.
 */
public final class StoreExtension implements ParameterResolver {
    /** Whether it is a cluster of separate processes, of which tests ask one gateway. */
    private static final boolean CLUSTER = Boolean.getBoolean("coffer.cluster");

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "JDK_JAVA_OPTIONS", "-Dio.netty.leakDetection.level=paranoid",
            "COFFER_ENCRYPTION_CUSTOMER_KEYS", "always");

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

    /** What serves, stopped at the end of the run. */
    private static final class Running implements AutoCloseable {
        private final Path directory;
        private final Server server;
        private final Store store;

        Running() {
            try {
                directory = Files.createTempDirectory("coffer-it");
                server = CLUSTER ? cluster(directory) : process(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            store = new Store(server.s3(), server.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
        }

        @Override
        public void close() throws IOException {
            store.close();
            String output = server.stop();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            List<String> complaints = output.lines()
                    .filter(line -> line.contains("LEAK:") || line.contains(" ERROR "))
                    .toList();
            if (!complaints.isEmpty()) {
                throw new AssertionError("the server said " + complaints);
            }
        }
    }

    private record Server(URI s3, URI admin, Supplier<String> end) {
        /** In good order; returns all it has printed. */
        String stop() {
            return end.get();
        }
    }

    private static Server process(Path directory) throws IOException {
        StoreProcess process = StoreProcess.launch(List.of(directory.resolve("disk")), ENVIRONMENT);
        return new Server(process.s3(), process.admin(), () -> {
            int exit = process.stop();
            assertThat(exit).as("the exit code of the server").isZero();
            return process.output();
        });
    }

    private static Server cluster(Path directory) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("COFFER_ENCRYPTION_ROOT_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        ClusterProcesses cluster = ClusterProcesses.start(directory.resolve("cluster"), environment, 3, 4, 2);
        return new Server(cluster.gateways().getFirst(), cluster.admin(0), () -> {
            try (cluster) {
                cluster.stop();
                return cluster.logs(Integer.MAX_VALUE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }
}
