package io.coffer.gateway.s3.xml;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A listing of 1,000 objects as XML. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ListingBench {
    private final List<Entry<ObjectVersion>> entries = new ArrayList<>();

    public ListingBench() {
        for (int i = 0; i < 1000; i++) {
            entries.add(new Entry.Item<>(new ObjectVersion(
                    "some/folder/of/average/depth/object-%06d.dat".formatted(i),
                    new VersionId(1 + i),
                    true,
                    true,
                    false,
                    new AccountId("123456789012"),
                    "d41d8cd98f00b204e9800998ecf8427e",
                    123_456L * i,
                    1_700_000_000_000L + i,
                    0,
                    null,
                    ObjectAttributes.EMPTY)));
        }
    }

    @Benchmark
    public ByteBuffer page() {
        return new ListObjectsResult(
                        "bucket",
                        "some/folder/",
                        null,
                        1000,
                        true,
                        true,
                        new ListObjectsResult.Position.Token(null, null, "token"),
                        entries,
                        null)
                .toXml();
    }
}
