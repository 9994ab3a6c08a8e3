package io.coffer.gateway.object;

import io.coffer.common.checksum.Checksummer;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.CopyEncryption;
import io.coffer.gateway.s3.operation.CopySources.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the bytes of a version that exists into the body of another, or of a part. A group counts the references of its own extents, so
 * bytes are shared where the source and the target live in one group and are protected and encrypted alike, and else read and written anew.
 * Thread-safe; runs on the request's thread and holds one buffer.
 */
public final class ObjectCopier {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectCopier.class);

    private final MetadataService metadata;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    public ObjectCopier(MetadataService metadata, ObjectReader reader, ObjectWriter writer) {
        this.metadata = metadata;
        this.reader = reader;
        this.writer = writer;
    }

    /** Whether a copy shares the source's bytes: then it takes no longer for many of them. */
    public boolean shares(Source source, Bucket target, String key, CopyEncryption encryption) {
        Partition from =
                MetadataService.partitionOf(source.bucket(), source.name().key());
        Partition to = MetadataService.partitionOf(target, key);
        return from.group().equals(to.group())
                && encryption.mayShare(source.version())
                && writer.policyOf(source.bucket()).equals(writer.policyOf(target));
    }

    /** The whole source, written anew also where it could be shared: what lies in very many pieces lies in few then. */
    public StoredBody gather(Source source, Bucket target, String key, CopyEncryption encryption, BodyDigests digests)
            throws RefusedException, S3Exception, IOException {
        return copy(source, find(source, 0, source.version().size()), target, key, encryption, digests);
    }

    /**
     * The source's bytes, or a range of them, ready to be committed under a key.
     *
     * @param digests is shown every byte, in order; null when nobody asks for them
     * @throws RefusedException SOURCE_CHANGED when the version is gone
     * @throws S3Exception SlowDown when no volume takes the bytes; like every failure, it leaves nothing behind
     */
    public StoredBody take(
            Source source,
            long offset,
            long length,
            Bucket target,
            String key,
            CopyEncryption encryption,
            @Nullable BodyDigests digests)
            throws RefusedException, S3Exception, IOException {
        if (length == 0) {
            return new StoredBody(0, new Payload.Inline(ByteBuffer.allocate(0)), () -> {});
        }
        if (!shares(source, target, key, encryption)) {
            return copy(source, find(source, offset, length), target, key, encryption, digests);
        }
        if (digests != null) {
            read(source, find(source, offset, length), encryption, digests);
        }
        return new StoredBody(length, shared(source, offset, length), () -> {});
    }

    private static Payload shared(Source source, long offset, long length) {
        String key = source.name().key();
        return new Payload.Shared(
                MetadataService.ref(source.bucket(), MetadataService.partitionOf(source.bucket(), key)),
                key,
                source.version().version(),
                offset,
                length);
    }

    private void read(Source source, Reply.ObjectReply found, CopyEncryption encryption, BodyDigests digests)
            throws RefusedException, S3Exception, IOException {
        try (ObjectReader.SourceBody body =
                reader.source(source.bucket(), source.name().key(), found, encryption.keys())) {
            for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
                digests.update(piece);
            }
        } catch (IOException e) {
            throw lost(source, found, e);
        }
    }

    private StoredBody copy(
            Source source,
            Reply.ObjectReply found,
            Bucket target,
            String key,
            CopyEncryption encryption,
            @Nullable BodyDigests digests)
            throws RefusedException, S3Exception, IOException {
        Check check = new Check(source, found);
        Consumer<ByteBuffer> watcher = piece -> {
            check.update(piece);
            if (digests != null) {
                digests.update(piece);
            }
        };
        try (ObjectReader.SourceBody body =
                reader.source(source.bucket(), source.name().key(), found, encryption.keys())) {
            StoredBody stored =
                    writer.write(target, key, body, watcher, encryption.chosen().sealer());
            if (!check.holds()) {
                stored.close();
                throw new S3Exception(S3Error.INTERNAL_ERROR);
            }
            return stored;
        } catch (IOException e) {
            throw lost(source, found, e);
        }
    }

    /** A checksum that the source has of all its bytes must be that of the copy's: nothing else watches over them on their way. */
    private static final class Check {
        private final Source source;
        private final @Nullable StoredChecksum expected;
        private final @Nullable Checksummer checksummer;

        Check(Source source, Reply.ObjectReply found) {
            StoredChecksum there = source.version().checksum();
            boolean fits = there != null
                    && there.type() == StoredChecksum.Type.FULL_OBJECT
                    && found.length() == source.version().size();
            this.source = source;
            this.expected = fits ? there : null;
            this.checksummer = expected == null ? null : expected.algorithm().newChecksummer();
        }

        void update(ByteBuffer piece) {
            if (checksummer != null) {
                checksummer.update(piece.duplicate());
            }
        }

        boolean holds() {
            if (expected == null || checksummer == null) {
                return true;
            }
            String value = expected.algorithm().encode(checksummer.digest());
            if (value.equals(expected.value())) {
                return true;
            }
            LOG.error(
                    "the bytes of {}/{} have the {} {}, not {}",
                    source.bucket().name(),
                    source.name().key(),
                    expected.algorithm(),
                    value,
                    expected.value());
            return false;
        }
    }

    /** Where the bytes are, as long as the source is what it was. */
    private Reply.ObjectReply find(Source source, long offset, long length) throws RefusedException, S3Exception {
        Reply.ObjectReply found = ask(source, new BucketQuery.Window.Range(offset, length));
        if (found.length() != length) {
            throw new RefusedException(Refusal.SOURCE_CHANGED);
        }
        return found;
    }

    private Reply.ObjectReply ask(Source source, BucketQuery.Window window) throws RefusedException, S3Exception {
        VersionSelector version = source.version().nullVersion()
                ? VersionSelector.NULL
                : new VersionSelector.Exact(source.version().version());
        String key = source.name().key();
        Reply.ObjectReply found;
        try {
            found = metadata.ask(
                    source.bucket(), key, partition -> new BucketQuery.GetObject(partition, key, version, window));
        } catch (RefusedException e) {
            throw new RefusedException(Refusal.SOURCE_CHANGED);
        }
        if (!found.version().version().equals(source.version().version())) {
            throw new RefusedException(Refusal.SOURCE_CHANGED);
        }
        return found;
    }

    /** Why bytes can't be read: a version that was deleted long enough ago has none any more. */
    private IOException lost(Source source, Reply.ObjectReply found, IOException failure)
            throws RefusedException, S3Exception {
        ask(source, BucketQuery.Window.NONE);
        return new IOException(
                "can't copy " + found.length() + " bytes of " + source.bucket().name() + "/"
                        + source.name().key(),
                failure);
    }
}
