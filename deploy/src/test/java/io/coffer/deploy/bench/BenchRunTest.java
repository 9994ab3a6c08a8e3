package io.coffer.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchRunTest {
    private MemoryStore store;

    @BeforeEach
    void open() throws IOException {
        store = new MemoryStore();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private BenchSettings settings(Workload workload, long size, boolean keepAlive, int batch, boolean prepare) {
        return new BenchSettings(
                workload,
                Endpoint.parse(store.endpoint()),
                new BenchSettings.Credentials("id", "secret"),
                "us-east-1",
                "b",
                size,
                3,
                Duration.ZERO,
                Duration.ofSeconds(30),
                workload == Workload.DELETE ? 0 : 200,
                25,
                "p/",
                true,
                true,
                keepAlive,
                false,
                prepare,
                30,
                batch,
                7,
                "");
    }

    private static BenchResult run(BenchSettings settings) throws Exception {
        long pid = ProcessHandle.current().pid();
        return new BenchRun(settings, InstantSource.system(), Optional.of(new ServerProcess(pid)), Optional.empty())
                .run();
    }

    @ParameterizedTest
    @CsvSource({"PUT, 0", "PUT, 1", "PUT, 100000", "GET, 0", "GET, 31", "GET, 100000", "MIXED, 4096", "MIXED, 600000"})
    void loadsAreRunAndVerified(Workload workload, long size) throws Exception {
        BenchResult result = run(settings(workload, size, true, 1, true));
        assertThat(result.tally().errors()).isEmpty();
        assertThat(result.tally().operations()).isEqualTo(200);
        assertThat(result.tally().bytes()).isEqualTo(200 * size);
        assertThat(result.failed()).isFalse();
        assertThat(store.objects).hasSize(25).allSatisfy((key, body) -> {
            assertThat(key).startsWith("p/0000000");
            assertThat(body).hasSize((int) size);
        });
        assertThat(result.tally().latencies().count()).isEqualTo(200);
        assertThat(result.toMap())
                .containsKeys("p99Millis", "p999Millis", "serverCpuMicrosPerOp", "serverResidentBytes");
        assertThat(result.toText()).contains("200 operations");
        assertThat(result.serverResidentBytes()).isPositive();
    }

    @Test
    void eachRequestCanHaveItsOwnConnection() throws Exception {
        BenchResult result = run(settings(Workload.GET, 100, false, 1, true));
        assertThat(result.tally().operations()).isEqualTo(200);
        assertThat(store.server.counters().connectionsAccepted()).isGreaterThan(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void deletingEndsWhenNothingIsLeft(int batch) throws Exception {
        BenchResult result = run(settings(Workload.DELETE, 10, true, batch, true));
        assertThat(result.tally().operations()).isEqualTo(Math.ceilDiv(25, batch));
        assertThat(store.objects).isEmpty();
    }

    @Test
    void listingGoesOverAllPages() throws Exception {
        run(settings(Workload.GET, 1, true, 1, true));
        BenchResult result = run(settings(Workload.LIST, 1, true, 1, true));
        assertThat(result.tally().errors()).isEmpty();
        assertThat(result.tally().operations()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 5000})
    void aWrongByteFailsTheRun(long size) throws Exception {
        run(settings(Workload.GET, size, true, 1, true));
        store.lying = true;
        BenchResult result = run(settings(Workload.GET, size, true, 1, true));
        assertThat(result.tally().errors()).containsOnlyKeys("WrongBytes");
        assertThat(result.failed()).isTrue();
    }

    @Test
    void errorsAreCountedByTheirCode() throws Exception {
        BenchResult result = run(settings(Workload.GET, 10, true, 1, false));
        assertThat(result.tally().errors()).containsEntry("NoSuchKey", 200L);
        assertThat(result.failed()).isTrue();
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws Exception {
        BenchSettings settings = settings(Workload.GET, 10, true, 1, true);
        store.close();
        assertThatThrownBy(() -> run(settings)).isInstanceOf(IOException.class);
        store = new MemoryStore();
    }
}
