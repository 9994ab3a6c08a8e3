package io.coffer.metaserver.query;

import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.BucketQuery.ReadRuns;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.ContentReader;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.VersionReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading one version. */
final class ObjectQueries {
    /** Runs and inline bytes in one answer: a message has room for them. */
    private static final ContentReader.Bounds BOUNDS =
            new ContentReader.Bounds(Limits.MAX_RUNS, 2L * Limits.MAX_INLINE_BYTES);

    private ObjectQueries() {}

    /** Bytes of an object, inside its size. */
    private record Bytes(long offset, long length) {
        static Bytes of(long offset, long length, long size) throws RefusedException {
            if (offset < 0 || length < 0) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "bytes " + offset + "+" + length);
            }
            long start = Math.min(offset, size);
            return new Bytes(start, Math.min(length, size - start));
        }

        long window() {
            return Math.min(length, BucketQuery.MAX_WINDOW);
        }
    }

    static Reply get(Reader reader, GetObject q) throws RefusedException {
        VersionReader.Found found = find(reader, q.partition(), q.key(), q.version());
        StoredVersion version = found.version();
        Bytes bytes = version.deleteMarker() ? new Bytes(0, 0) : resolve(reader, version, q.window());
        return new Reply.ObjectReply(
                version.toObjectVersion(q.key(), found.latest()),
                bytes.offset(),
                bytes.length(),
                runs(reader, version.content(), bytes));
    }

    /** The runs of the window as far as one answer goes; at least one, unless the window is empty. */
    private static List<DataRun> runs(Reader reader, Content content, Bytes bytes) {
        return ContentReader.read(reader, content, bytes.offset(), bytes.window(), BOUNDS);
    }

    /** @throws RefusedException NO_SUCH_KEY, NO_SUCH_VERSION, or what {@link Partitions} says */
    static VersionReader.Found find(Reader reader, PartitionRef ref, String key, VersionSelector selector)
            throws RefusedException {
        StoredPartition partition = Partitions.require(reader, ref, key);
        VersionReader.Found found = new VersionReader(reader, partition.bucket(), Keys.utf8(key)).find(selector);
        if (found == null) {
            throw missing(selector);
        }
        return found;
    }

    static RefusedException missing(VersionSelector selector) {
        return new RefusedException(
                selector instanceof VersionSelector.Latest ? Refusal.NO_SUCH_KEY : Refusal.NO_SUCH_VERSION);
    }

    private static Bytes resolve(Reader reader, StoredVersion version, Window window) throws RefusedException {
        long size = version.size();
        return switch (window) {
            case Window.None() -> new Bytes(0, 0);
            case Window.Range(long offset, long length) -> Bytes.of(offset, length, size);
            case Window.Suffix(long length) -> {
                if (length < 0) {
                    throw new RefusedException(Refusal.INVALID_ARGUMENT, "the last " + length + " bytes");
                }
                long taken = Math.min(length, size);
                yield new Bytes(size - taken, taken);
            }
            case Window.Part(int number) -> part(reader, version, number);
        };
    }

    private static Bytes part(Reader reader, StoredVersion version, int number) throws RefusedException {
        if (version.content() instanceof Content.Assembly assembly) {
            PartLayout.Placed part = ContentReader.assembly(reader, assembly.upload())
                    .layout()
                    .byNumber(number)
                    .orElseThrow(() -> new RefusedException(Refusal.NO_SUCH_PART));
            return new Bytes(part.offset(), part.size());
        }
        if (number != 1) {
            throw new RefusedException(Refusal.NO_SUCH_PART);
        }
        return new Bytes(0, version.size());
    }

    static Reply readRuns(Reader reader, ReadRuns q) throws RefusedException {
        Content content = content(reader, q);
        if (content == null) {
            throw new RefusedException(Refusal.NO_SUCH_KEY);
        }
        Bytes bytes = Bytes.of(q.offset(), q.length(), ContentReader.length(reader, content));
        return new Reply.RunsReply(runs(reader, content, bytes));
    }

    /** Of a version that is there, or was until a while ago, even if its partition went with it. */
    private static @Nullable Content content(Reader reader, ReadRuns q) throws RefusedException {
        StoredPartition partition = Partitions.find(reader, q.partition());
        long sequence = q.version().sequence();
        VersionReader versions = new VersionReader(reader, partition.bucket(), Keys.utf8(q.key()));
        StoredVersion current = versions.current();
        if (current != null && current.sequence() == sequence) {
            return current.content();
        }
        StoredVersion other = reader.get(Tables.VERSIONS, versions.versionRow(sequence));
        if (other != null) {
            return other.content();
        }
        Retired retired = reader.get(Tables.RETIRED, Keys.number(sequence));
        return retired != null
                        && partition.bucket().equals(retired.bucket())
                        && retired.key().equals(q.key())
                ? retired.content()
                : null;
    }
}
