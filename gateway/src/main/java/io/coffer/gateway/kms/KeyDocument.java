package io.coffer.gateway.kms;

import io.coffer.common.metadata.MasterKey;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.wire.EncryptionCodec;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;

/**
 * The key store as it is kept: one document of the cluster in the system group, changed by compare and set. Layout: {@code
 * docs/formats/key-store.md}. Thread-safe.
 */
final class KeyDocument {
    private static final String NAME = "key-store";

    /** How old what is recalled may be: a key that was disabled is used no longer than that. */
    private static final long MAX_AGE_MILLIS = 1000;

    /** The longest document that the system group takes: about 1,500 versions of keys. */
    private static final int MAX_BYTES = 256 << 10;

    /** Changes that may come in between. */
    private static final int MAX_ATTEMPTS = 8;

    private final MetadataService metadata;
    private final InstantSource clock;
    private volatile Seen last = new Seen(0, List.of(), Long.MIN_VALUE);

    private record Seen(long revision, List<MasterKey> keys, long askedMillis) {}

    /** A change of the keys. */
    @FunctionalInterface
    interface Change {
        List<MasterKey> of(List<MasterKey> keys) throws KeyStoreException;
    }

    KeyDocument(MetadataService metadata, InstantSource clock) {
        this.metadata = metadata;
        this.clock = clock;
    }

    /** The keys as they were at most a second ago. */
    List<MasterKey> recall() throws S3Exception {
        Seen seen = last;
        long age = clock.millis() - seen.askedMillis;
        return seen.askedMillis != Long.MIN_VALUE && age >= 0 && age < MAX_AGE_MILLIS ? seen.keys : find();
    }

    /** The keys as they are now. */
    List<MasterKey> find() throws S3Exception {
        return ask().keys;
    }

    private Seen ask() throws S3Exception {
        long now = clock.millis();
        try {
            Reply.DocumentReply reply = metadata.ask(new SystemQuery.GetDocument(NAME));
            Seen known = last;
            List<MasterKey> keys =
                    known.revision == reply.revision() ? known.keys : EncryptionCodec.decodeKeys(reply.value());
            return learn(new Seen(reply.revision(), keys, now));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_DOCUMENT) {
                return learn(new Seen(0, List.of(), now));
            }
            throw Refusals.toS3(e);
        }
    }

    /** An answer that was overtaken by a change says nothing new. */
    private synchronized Seen learn(Seen seen) {
        if (seen.revision >= last.revision) {
            last = seen;
        }
        return seen;
    }

    /** Makes a change to the keys as they are; returns them as they are then. */
    List<MasterKey> change(Change change) throws S3Exception, KeyStoreException {
        for (int attempt = 1; ; attempt++) {
            Seen seen = ask();
            List<MasterKey> changed = List.copyOf(change.of(seen.keys));
            if (changed.equals(seen.keys)) {
                return changed;
            }
            ByteBuffer document = EncryptionCodec.encode(changed);
            if (document.remaining() > MAX_BYTES) {
                throw new KeyStoreException(KeyStoreException.Reason.FULL, "the key store has no room for more");
            }
            try {
                long revision = metadata.tell(new SystemCommand.SetDocument(NAME, seen.revision, document))
                        .revision();
                return learn(new Seen(revision, changed, clock.millis())).keys;
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.STALE_EPOCH || attempt == MAX_ATTEMPTS) {
                    throw Refusals.toS3(e);
                }
            }
        }
    }
}
