package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.ResponseSink;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an object's bytes: the first piece is read before the answer begins, so that an object that can't be read gets an error
 * and not a broken connection. Thread-safe; a body holds at most one buffer that hasn't been handed to the connection.
 */
public final class ObjectReader {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectReader.class);

    private final MetadataService metadata;
    private final ExtentReader extents;

    public ObjectReader(MetadataService metadata, ChunkPlaces places, BufferPool buffers) {
        this.metadata = metadata;
        this.extents = new ExtentReader(places, buffers);
    }

    /** Reads of which another copy was asked because the first was slow, since the start. */
    public long hedges() {
        return extents.hedges();
    }

    /** Copies that could not be read, since the start. */
    public long failedCopies() {
        return extents.failures();
    }

    /**
     * The bytes that {@code found} covers, with their first piece read already.
     *
     * @param keys of encrypted bytes; null where nothing is encrypted
     * @throws S3Exception SlowDown when no buffer is free, InternalError when the bytes can't be read anywhere
     */
    public S3Response.Body body(Bucket bucket, String key, Reply.ObjectReply found, @Nullable DataKeys keys)
            throws S3Exception {
        Runs runs = new Runs(bucket, key, found, keys);
        try {
            return new StreamedBody(runs, runs.next());
        } catch (IOException e) {
            boolean later = e.getCause() instanceof ChunkException chunk && isTemporary(chunk.error());
            LOG.error("object {}/{} can't be read{}: {}", bucket.name(), key, later ? " now" : "", e.getMessage());
            throw new S3Exception(later ? S3Error.SLOW_DOWN : S3Error.INTERNAL_ERROR);
        }
    }

    private static boolean isTemporary(ChunkError error) {
        return error == ChunkError.UNAVAILABLE || error == ChunkError.OVERLOADED || error == ChunkError.STALE_EPOCH;
    }

    /** The bytes that {@code found} covers, to be stored again or looked at; close it. */
    SourceBody source(Bucket bucket, String key, Reply.ObjectReply found, @Nullable DataKeys keys) {
        return new SourceBody(new Runs(bucket, key, found, keys), found.length());
    }

    /** A piece of the body: lent metadata bytes or a pooled buffer. */
    private sealed interface Piece extends AutoCloseable {
        ByteBuffer bytes();

        void send(ResponseSink sink) throws IOException;

        @Override
        void close();
    }

    private record InlinePiece(ByteBuffer bytes) implements Piece {
        @Override
        public void send(ResponseSink sink) throws IOException {
            sink.write(bytes);
        }

        @Override
        public void close() {}
    }

    private record PooledPiece(PooledBuffer buffer) implements Piece {
        @Override
        public ByteBuffer bytes() {
            return buffer.buffer();
        }

        @Override
        public void send(ResponseSink sink) throws IOException {
            sink.write(buffer);
        }

        @Override
        public void close() {
            buffer.close();
        }
    }

    private static final class StreamedBody implements S3Response.Body {
        private final Runs runs;
        private @Nullable Piece first;

        StreamedBody(Runs runs, @Nullable Piece first) {
            this.runs = runs;
            this.first = first;
        }

        @Override
        public void writeTo(ResponseSink sink) throws IOException {
            Piece piece = first;
            first = null;
            try {
                while (piece != null) {
                    piece.send(sink);
                    piece = runs.next();
                }
            } catch (S3Exception e) {
                throw new IOException("the rest of the object can't be read", e);
            }
            sink.finish();
        }

        @Override
        public void close() {
            Piece piece = first;
            first = null;
            if (piece != null) {
                piece.close();
            }
        }
    }

    /** An object's bytes as the body of a write. Used by one thread. */
    static final class SourceBody implements ObjectBody, AutoCloseable {
        private final Runs runs;
        private final long length;
        private @Nullable Piece lent;

        private SourceBody(Runs runs, long length) {
            this.runs = runs;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public @Nullable ByteBuffer read() throws S3Exception, IOException {
            close();
            Piece next = runs.next();
            lent = next;
            return next == null ? null : next.bytes();
        }

        @Override
        public @Nullable String trailer(String name) {
            return null;
        }

        @Override
        public void close() {
            Piece piece = lent;
            lent = null;
            if (piece != null) {
                piece.close();
            }
        }
    }

    /** Walks the runs of an answer, asking for more runs when it covers only a window. */
    private final class Runs {
        private final Bucket bucket;
        private final String key;
        private final Reply.ObjectReply found;
        private final @Nullable SealedReads sealed;
        private List<DataRun> runs;
        private int nextRun;
        private long inRun;
        private long done;

        Runs(Bucket bucket, String key, Reply.ObjectReply found, @Nullable DataKeys keys) {
            this.bucket = bucket;
            this.key = key;
            this.found = found;
            this.sealed = keys == null ? null : new SealedReads(extents, keys);
            this.runs = found.runs();
        }

        /** The next piece, or null at the end. */
        @Nullable
        Piece next() throws S3Exception, IOException {
            if (done == found.length()) {
                return null;
            }
            if (nextRun == runs.size()) {
                more();
            }
            DataRun run = runs.get(nextRun);
            Piece piece = switch (run) {
                case DataRun.InlineRun inline ->
                    new InlinePiece(inline.seal().isNone() ? inline.bytes().duplicate() : sealed().read(inline));
                case DataRun.ExtentRun(ExtentSlice slice) -> new PooledPiece(read(slice));
            };
            int length = piece.bytes().remaining();
            done += length;
            inRun += length;
            if (inRun == run.length()) {
                nextRun++;
                inRun = 0;
            }
            return piece;
        }

        /** One buffer of the slice, ending on a multiple of the buffer's size inside the extent, where reads are cheapest. */
        private PooledBuffer read(ExtentSlice slice) throws S3Exception, IOException {
            try {
                if (!slice.seal().isNone()) {
                    return sealed().read(slice, inRun);
                }
                long start = slice.offset() + inRun;
                long toBorder = BufferPool.DEFAULT_DATA_BYTES - start % BufferPool.DEFAULT_DATA_BYTES;
                int length = (int) Math.min(toBorder, slice.length() - inRun);
                return extents.read(slice, inRun, length);
            } catch (ChunkException e) {
                throw new IOException("extent " + slice.extent() + ": " + e.error() + " " + e.getMessage(), e);
            }
        }

        private SealedReads sealed() throws IOException {
            if (sealed == null) {
                throw new IOException("encrypted bytes in an object that isn't encrypted");
            }
            return sealed;
        }

        private void more() throws S3Exception, IOException {
            try {
                runs = metadata.ask(
                                bucket,
                                key,
                                partition -> new BucketQuery.ReadRuns(
                                        partition,
                                        key,
                                        found.version().version(),
                                        found.offset() + done,
                                        found.length() - done))
                        .runs();
            } catch (RefusedException e) {
                throw new IOException("the object was deleted and reclaimed while it was being read", e);
            }
            nextRun = 0;
            inRun = 0;
            if (runs.isEmpty()) {
                throw new IOException("the object has fewer bytes than its size");
            }
        }
    }
}
