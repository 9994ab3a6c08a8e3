package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.ComposeObject;
import io.coffer.common.metadata.BucketCommand.ComposeSource;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Making an object of others, all of each, one behind the other. What they are is looked at in the same moment. */
final class ComposeRules {
    private ComposeRules() {}

    static Reply compose(Transaction tx, Stamp stamp, ComposeObject c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        if (c.sources().isEmpty() || c.sources().size() > Limits.MAX_SOURCES) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, c.sources().size() + " sources");
        }
        LockRules.requirePossible(scope, c.attributes().lock());
        KeyVersions versions = new KeyVersions(scope, c.key());
        Conditions.check(c.condition(), versions.current());
        Sum sum = new Sum();
        for (ComposeSource source : c.sources()) {
            sum.add(find(scope, source), c.attributes().encryption());
        }
        StoredVersion version = new StoredVersion(
                stamp.tick(),
                scope.versioning(c.versioning()) != Versioning.ENABLED,
                false,
                c.owner(),
                AppendRules.etag(sum.etags, sum.parts),
                sum.size,
                0,
                sum.checksum,
                LockRules.ofNew(scope, c.attributes()),
                ChainRules.compose(scope, sum.sources, sum.parts));
        versions.add(version);
        return new Reply.CompleteReply(
                version.id(),
                version.nullVersion(),
                version.etag(),
                version.size(),
                version.modifiedMillis(),
                version.checksum());
    }

    private static StoredVersion find(Scope scope, ComposeSource source) throws RefusedException {
        scope.checkKey(source.key());
        StoredVersion version = new KeyVersions(scope, source.key()).find(source.version());
        if (version == null || version.deleteMarker()) {
            boolean latest = source.version() instanceof VersionSelector.Latest;
            throw new RefusedException(latest ? Refusal.NO_SUCH_KEY : Refusal.NO_SUCH_VERSION, source.key());
        }
        if (!source.etag().isEmpty() && !source.etag().equals(version.etag())) {
            throw new RefusedException(Refusal.SOURCE_CONDITION_FAILED, source.key());
        }
        return version;
    }

    /** What comes of the sources so far. */
    private static final class Sum {
        final List<StoredVersion> sources = new ArrayList<>();
        final List<String> etags = new ArrayList<>();
        long size;
        int parts;

        @Nullable
        StoredChecksum checksum;

        void add(StoredVersion source, @Nullable Encryption encryption) throws RefusedException {
            if (!Encryption.mayShare(source.attributes().encryption(), encryption)) {
                throw new RefusedException(
                        Refusal.INVALID_APPEND, "An object is encrypted in another way than what is to be composed.");
            }
            if (source.size() > Limits.MAX_OBJECT_BYTES - size) {
                throw new RefusedException(Refusal.ENTITY_TOO_LARGE);
            }
            parts += Math.max(1, ChainRules.parts(source));
            if (parts > Limits.MAX_PARTS) {
                throw new RefusedException(Refusal.TOO_MANY_PARTS);
            }
            size += source.size();
            StoredChecksum more = source.checksum();
            if (sources.isEmpty()) {
                checksum = more != null && AppendRules.isJoinable(more) ? more : null;
            } else {
                checksum = AppendRules.joined(checksum, more == null ? List.of() : List.of(more), source.size());
            }
            sources.add(source);
            etags.add(source.etag());
        }
    }
}
