package io.coffer.gateway.s3.operation;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Consumer;

/** Makes digests of a copy's source by reading it. Thread-safe. */
public final class SourceDigests {
    private final MetadataService metadata;
    private final Reader reader;

    /** Feeds the bytes that an answer covers to digests. */
    @FunctionalInterface
    public interface Reader {
        void digest(Bucket bucket, String key, Reply.ObjectReply found, Consumer<ByteBuffer> digests)
                throws S3Exception, IOException;
    }

    public SourceDigests(MetadataService metadata, Reader reader) {
        this.metadata = metadata;
        this.reader = reader;
    }

    /** @throws RefusedException SOURCE_CHANGED when the version is gone */
    public BodyDigests of(CopySources.Source source, long offset, long length, ChecksumAlgorithm algorithm)
            throws RefusedException, S3Exception, IOException {
        BodyDigests digests = new BodyDigests(Set.of(algorithm));
        if (length > 0) {
            String key = source.name().key();
            reader.digest(source.bucket(), key, find(source, key, offset, length), digests::update);
        }
        return digests;
    }

    private Reply.ObjectReply find(CopySources.Source source, String key, long offset, long length)
            throws RefusedException, S3Exception {
        VersionSelector version = source.version().nullVersion()
                ? VersionSelector.NULL
                : new VersionSelector.Exact(source.version().version());
        Reply.ObjectReply found;
        try {
            found = metadata.ask(
                    source.bucket(),
                    key,
                    partition -> new BucketQuery.GetObject(
                            partition, key, version, new BucketQuery.Window.Range(offset, length)));
        } catch (RefusedException e) {
            throw changed();
        }
        if (!found.version().version().equals(source.version().version()) || found.length() != length) {
            throw changed();
        }
        return found;
    }

    private static RefusedException changed() {
        return new RefusedException(Refusal.SOURCE_CHANGED);
    }

    public static StoredChecksum checksum(BodyDigests digests, ChecksumAlgorithm algorithm) {
        return new StoredChecksum(
                algorithm,
                StoredChecksum.Type.FULL_OBJECT,
                digests.checksumBase64(algorithm).orElseThrow());
    }
}
