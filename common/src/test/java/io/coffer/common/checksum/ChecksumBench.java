package io.coffer.common.checksum;

import io.coffer.common.checksum.Crc64Nvme.Kernel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** One checksum of one buffer: microseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChecksumBench {
    @Param({"CRC64NVME_PLAIN", "CRC64NVME", "CRC32", "CRC32C", "MD5", "SHA1", "SHA256"})
    String algorithm;

    @Param({"4096", "65536", "1048576"})
    int bytes;

    @Param({"true", "false"})
    boolean direct;

    private ByteBuffer data;
    private Checksummer checksummer;

    @Setup
    public void start() throws InterruptedException {
        byte[] random = new byte[bytes];
        new SplittableRandom(1).nextBytes(random);
        data = direct ? ByteBuffer.allocateDirect(bytes).put(random).flip() : ByteBuffer.wrap(random);
        checksummer = switch (algorithm.toUpperCase(Locale.ROOT)) {
            case "CRC64NVME_PLAIN" -> new Crc64Nvme(Kernel.PLAIN);
            case "MD5" -> Md5.newChecksummer();
            default -> ChecksumAlgorithm.valueOf(algorithm).newChecksummer();
        };
        Crc64Nvme.PROBE.awaitDecision(Duration.ofSeconds(60));
    }

    @Benchmark
    public byte[] digest() {
        checksummer.update(data.rewind());
        return checksummer.digest();
    }
}
