package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Releases a queue of 30,000 replaced objects, then forgets their extents: the time of each must not grow with what was taken from
 * the queue before it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class ReclaimBench {
    private static final int OBJECTS = 30_000;

    /** Deletes within one millisecond of the group's clock. */
    private static final int BURST = 20;

    @Param({"10", "1000"})
    private int perCommand;

    private Path directory;
    private TestGroup group;

    @Setup(Level.Iteration)
    public void fill() throws IOException, RefusedException {
        directory = Files.createTempDirectory("reclaim");
        group = TestGroup.bucket(directory.resolve("group"));
        for (int i = 0; i < OBJECTS; i++) {
            group.tell(group.putExtents("k", Versioning.UNVERSIONED, group.extent(100)));
            group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
            if (i % BURST == 0) {
                group.pass(1);
            }
        }
        group.pass(2 * Limits.RETIRE_GRACE.toMillis());
    }

    @TearDown(Level.Iteration)
    public void remove() throws IOException {
        group.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public int release() throws RefusedException {
        int released = 0;
        while (true) {
            Reply.ReleasedReply reply = group.tell(new BucketCommand.ReleaseParts(perCommand));
            released += reply.parts();
            if (!reply.more()) {
                return released;
            }
            group.pass(1);
        }
    }

    @Benchmark
    @OperationsPerInvocation(OBJECTS)
    public int releaseAndForget() throws RefusedException {
        int forgotten = 0;
        release();
        while (true) {
            List<ExtentSlice> due = group.ask(new BucketQuery.DueExtents(group.nowMillis(), perCommand))
                    .extents();
            if (due.isEmpty()) {
                return forgotten;
            }
            group.tell(new BucketCommand.ForgetExtents(
                    due.stream().map(ExtentSlice::extent).toList()));
            forgotten += due.size();
            group.pass(1);
        }
    }
}
