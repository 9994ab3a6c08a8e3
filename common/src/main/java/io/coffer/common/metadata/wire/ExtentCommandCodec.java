package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.account;
import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand.AppendObject;
import io.coffer.common.metadata.BucketCommand.ComposeObject;
import io.coffer.common.metadata.BucketCommand.ComposeSource;
import io.coffer.common.metadata.BucketCommand.PurgePartition;
import io.coffer.common.metadata.BucketCommand.RenameObject;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.SystemCommand.NotePurge;
import io.coffer.proto.metadata.CommandMessages;

/** Commands that make versions out of the bytes of others, and of purges. Same rules as {@link ValueCodec}. */
final class ExtentCommandCodec {
    private ExtentCommandCodec() {}

    static CommandMessages.AppendObject encode(AppendObject c) {
        CommandMessages.AppendObject.Builder m = CommandMessages.AppendObject.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setOwner(ValueCodec.encode(c.owner()))
                .setEtag(c.etag())
                .setSize(c.size())
                .addAllChecksums(map(c.checksums(), ValueCodec::encode))
                .setStrict(c.strict())
                .setAttributes(ValueCodec.encode(c.attributes()))
                .setPayload(ValueCodec.encode(c.payload()))
                .setCondition(ValueCodec.encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()));
        if (c.offset() >= 0) {
            m.setOffset(c.offset());
        }
        return m.build();
    }

    static AppendObject decode(CommandMessages.AppendObject m) {
        return new AppendObject(
                ValueCodec.decode(m.getPartition()),
                m.getKey(),
                account(m.getOwner()),
                m.getEtag(),
                m.getSize(),
                map(m.getChecksumsList(), ValueCodec::decode),
                m.getStrict(),
                ValueCodec.decode(m.getAttributes()),
                ValueCodec.decode(m.getPayload()),
                ValueCodec.decode(m.getCondition()),
                ValueCodec.decode(m.getVersioning()),
                m.hasOffset() ? m.getOffset() : -1);
    }

    static CommandMessages.ComposeObject encode(ComposeObject c) {
        return CommandMessages.ComposeObject.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setOwner(ValueCodec.encode(c.owner()))
                .addAllSources(map(c.sources(), ExtentCommandCodec::encode))
                .setAttributes(ValueCodec.encode(c.attributes()))
                .setCondition(ValueCodec.encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()))
                .build();
    }

    static ComposeObject decode(CommandMessages.ComposeObject m) {
        return new ComposeObject(
                ValueCodec.decode(m.getPartition()),
                m.getKey(),
                account(m.getOwner()),
                map(m.getSourcesList(), ExtentCommandCodec::decode),
                ValueCodec.decode(m.getAttributes()),
                ValueCodec.decode(m.getCondition()),
                ValueCodec.decode(m.getVersioning()));
    }

    private static CommandMessages.ComposeSource encode(ComposeSource source) {
        return CommandMessages.ComposeSource.newBuilder()
                .setKey(source.key())
                .setVersion(ValueCodec.encode(source.version()))
                .setEtag(source.etag())
                .build();
    }

    private static ComposeSource decode(CommandMessages.ComposeSource m) {
        return new ComposeSource(m.getKey(), ValueCodec.decode(m.getVersion()), m.getEtag());
    }

    static CommandMessages.RenameObject encode(RenameObject c) {
        CommandMessages.RenameObject.Builder m = CommandMessages.RenameObject.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setSource(c.source())
                .setSourceVersion(
                        c.sourceVersion() == null ? 0 : c.sourceVersion().sequence())
                .setSourceCondition(encode(c.sourceCondition()))
                .setKey(c.key())
                .setCondition(encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()))
                .setOwner(ValueCodec.encode(c.owner()));
        ClientToken token = c.token();
        if (token != null) {
            m.getTokenBuilder()
                    .setFingerprint(wrap(token.fingerprint()))
                    .getIdBuilder()
                    .setHigh(token.high())
                    .setLow(token.low());
        }
        return m.build();
    }

    static RenameObject decode(CommandMessages.RenameObject m) {
        CommandMessages.ClientToken token = m.getToken();
        return new RenameObject(
                ValueCodec.decode(m.getPartition()),
                m.getSource(),
                m.getSourceVersion() == 0 ? null : new VersionId(m.getSourceVersion()),
                decode(m.getSourceCondition()),
                m.getKey(),
                decode(m.getCondition()),
                ValueCodec.decode(m.getVersioning()),
                account(m.getOwner()),
                m.hasToken()
                        ? new ClientToken(
                                token.getId().getHigh(),
                                token.getId().getLow(),
                                token.getFingerprint().asReadOnlyByteBuffer())
                        : null);
    }

    private static CommandMessages.ObjectCondition encode(ObjectCondition condition) {
        CommandMessages.ObjectCondition.Builder m = CommandMessages.ObjectCondition.newBuilder()
                .addAllIfMatch(condition.ifMatch())
                .addAllIfNoneMatch(condition.ifNoneMatch());
        if (condition.modifiedSinceSeconds() >= 0) {
            m.setModifiedSinceSeconds(condition.modifiedSinceSeconds());
        }
        if (condition.unmodifiedSinceSeconds() >= 0) {
            m.setUnmodifiedSinceSeconds(condition.unmodifiedSinceSeconds());
        }
        return m.build();
    }

    private static ObjectCondition decode(CommandMessages.ObjectCondition m) {
        return new ObjectCondition(
                m.getIfMatchList(),
                m.getIfNoneMatchList(),
                m.hasModifiedSinceSeconds() ? m.getModifiedSinceSeconds() : -1,
                m.hasUnmodifiedSinceSeconds() ? m.getUnmodifiedSinceSeconds() : -1);
    }

    static CommandMessages.NotePurge encode(NotePurge c) {
        return CommandMessages.NotePurge.newBuilder()
                .setBucket(c.bucket().value())
                .setVersions(c.versions())
                .setBytes(c.bytes())
                .setKept(c.kept())
                .setEnded(c.ended())
                .build();
    }

    static NotePurge decode(CommandMessages.NotePurge m) {
        return new NotePurge(new BucketId(m.getBucket()), m.getVersions(), m.getBytes(), m.getKept(), m.getEnded());
    }

    static CommandMessages.PurgePartition encode(PurgePartition c) {
        return CommandMessages.PurgePartition.newBuilder()
                .setBucket(c.bucket().value())
                .setPartition(c.partition().value())
                .setAfter(wrap(c.after()))
                .setMaxVersions(c.maxVersions())
                .build();
    }

    static PurgePartition decode(CommandMessages.PurgePartition m) {
        return new PurgePartition(
                new BucketId(m.getBucket()),
                new PartitionId(m.getPartition()),
                m.getAfter().asReadOnlyByteBuffer(),
                m.getMaxVersions());
    }
}
