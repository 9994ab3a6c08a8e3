package io.coffer.metaserver.state;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.metaserver.model.StoredPart;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** ETag and checksum of an object of 10,000 parts: what a completion computes on the group's applier. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class PartDigestBench {
    private static final int PARTS = 10_000;
    private static final long PART_BYTES = 8 << 20;
    private static final long LAST_BYTES = 1234;

    @Param({"CRC32", "CRC64NVME"})
    private ChecksumAlgorithm algorithm;

    private final StoredPart[] parts = new StoredPart[PARTS];

    @Setup
    public void make() {
        Random random = new Random(1);
        for (int i = 0; i < PARTS; i++) {
            byte[] checksum = new byte[algorithm.digestBytes()];
            random.nextBytes(checksum);
            parts[i] = PartDigestTest.part(algorithm, i < PARTS - 1 ? PART_BYTES : LAST_BYTES, checksum);
        }
    }

    @Benchmark
    public Object digest() {
        PartDigest digest = new PartDigest(PartDigestTest.upload(algorithm));
        for (int i = 0; i < PARTS; i++) {
            digest.add(i + 1, parts[i]);
        }
        return digest.checksum();
    }
}
