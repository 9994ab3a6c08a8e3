package io.coffer.common.metadata.wire;

import com.google.protobuf.ByteString;
import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectLock.DefaultRetention;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.SystemCommand.SetBucketDocument;
import io.coffer.common.metadata.SystemCommand.SetBucketSetting;
import io.coffer.common.metadata.Versioning;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.ValueMessages;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of buckets. Same rules as {@link ValueCodec}. */
public final class SettingsCodec {
    private SettingsCodec() {}

    /** All but versioning; null when nothing else was ever set. */
    static ValueMessages.@Nullable BucketSettings encode(BucketSettings settings) {
        if (settings.equals(BucketSettings.of(settings.partition().versioning()))) {
            return null;
        }
        ValueMessages.BucketSettings.Builder m = ValueMessages.BucketSettings.newBuilder()
                .setRevision(settings.revision())
                .setApplied(settings.applied())
                .setPartitionRevision(settings.partition().revision())
                .setOwnership(encode(settings.ownership()))
                .setAccelerationSuspended(settings.accelerationSuspended());
        if (!settings.partition().lock().equals(ObjectLock.OFF)) {
            m.setLock(encode(settings.partition().lock()));
        }
        if (settings.publicAccessBlock() != null) {
            m.setPublicAccessBlock(encode(settings.publicAccessBlock()));
        }
        if (settings.encryption() != null) {
            m.setEncryption(EncryptionCodec.encode(settings.encryption()));
        }
        for (DocumentKind kind : DocumentKind.values()) {
            Long revision = settings.documents().get(kind);
            if (revision != null) {
                m.addDocumentsBuilder().setKind(encode(kind)).setRevision(revision);
            }
        }
        return m.build();
    }

    static BucketSettings decode(Versioning versioning, ValueMessages.BucketSettings m) {
        Map<DocumentKind, Long> documents = new EnumMap<>(DocumentKind.class);
        m.getDocumentsList().forEach(document -> documents.put(decode(document.getKind()), document.getRevision()));
        return new BucketSettings(
                new PartitionSettings(versioning, decode(m.getLock()), m.getPartitionRevision()),
                decode(m.getOwnership()),
                m.hasPublicAccessBlock() ? decode(m.getPublicAccessBlock()) : null,
                m.getAccelerationSuspended(),
                m.hasEncryption() ? EncryptionCodec.decode(m.getEncryption()) : null,
                documents,
                m.getRevision(),
                m.getApplied());
    }

    public static ValueMessages.PartitionSettings encode(PartitionSettings settings) {
        ValueMessages.PartitionSettings.Builder m = ValueMessages.PartitionSettings.newBuilder()
                .setVersioning(ValueCodec.encode(settings.versioning()))
                .setRevision(settings.revision());
        if (!settings.lock().equals(ObjectLock.OFF)) {
            m.setLock(encode(settings.lock()));
        }
        return m.build();
    }

    public static PartitionSettings decode(ValueMessages.PartitionSettings m) {
        return new PartitionSettings(ValueCodec.decode(m.getVersioning()), decode(m.getLock()), m.getRevision());
    }

    static ValueMessages.RetentionMode encode(RetentionMode mode) {
        return switch (mode) {
            case GOVERNANCE -> ValueMessages.RetentionMode.GOVERNANCE;
            case COMPLIANCE -> ValueMessages.RetentionMode.COMPLIANCE;
        };
    }

    static RetentionMode decode(ValueMessages.RetentionMode m) {
        return switch (m) {
            case GOVERNANCE -> RetentionMode.GOVERNANCE;
            case COMPLIANCE -> RetentionMode.COMPLIANCE;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown retention mode");
        };
    }

    private static ValueMessages.ObjectLock encode(ObjectLock lock) {
        ValueMessages.ObjectLock.Builder m =
                ValueMessages.ObjectLock.newBuilder().setEnabled(lock.enabled());
        DefaultRetention retention = lock.defaultRetention();
        if (retention != null) {
            m.getDefaultRetentionBuilder()
                    .setMode(encode(retention.mode()))
                    .setDays(retention.days())
                    .setYears(retention.years());
        }
        return m.build();
    }

    private static ObjectLock decode(ValueMessages.ObjectLock m) {
        return m.getEnabled()
                ? new ObjectLock(true, m.hasDefaultRetention() ? decode(m.getDefaultRetention()) : null)
                : ObjectLock.OFF;
    }

    private static DefaultRetention decode(ValueMessages.DefaultRetention m) {
        return new DefaultRetention(decode(m.getMode()), m.getDays(), m.getYears());
    }

    private static ValueMessages.ObjectOwnership encode(@Nullable ObjectOwnership ownership) {
        return switch (ownership) {
            case null -> ValueMessages.ObjectOwnership.NO_OWNERSHIP_CONTROLS;
            case BUCKET_OWNER_ENFORCED -> ValueMessages.ObjectOwnership.BUCKET_OWNER_ENFORCED;
            case BUCKET_OWNER_PREFERRED -> ValueMessages.ObjectOwnership.BUCKET_OWNER_PREFERRED;
            case OBJECT_WRITER -> ValueMessages.ObjectOwnership.OBJECT_WRITER;
        };
    }

    private static @Nullable ObjectOwnership decode(ValueMessages.ObjectOwnership m) {
        return switch (m) {
            case NO_OWNERSHIP_CONTROLS -> null;
            case BUCKET_OWNER_ENFORCED -> ObjectOwnership.BUCKET_OWNER_ENFORCED;
            case BUCKET_OWNER_PREFERRED -> ObjectOwnership.BUCKET_OWNER_PREFERRED;
            case OBJECT_WRITER -> ObjectOwnership.OBJECT_WRITER;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown object ownership");
        };
    }

    private static ValueMessages.PublicAccessBlock encode(PublicAccessBlock block) {
        return ValueMessages.PublicAccessBlock.newBuilder()
                .setBlockPublicAcls(block.blockPublicAcls())
                .setIgnorePublicAcls(block.ignorePublicAcls())
                .setBlockPublicPolicy(block.blockPublicPolicy())
                .setRestrictPublicBuckets(block.restrictPublicBuckets())
                .build();
    }

    private static PublicAccessBlock decode(ValueMessages.PublicAccessBlock m) {
        return new PublicAccessBlock(
                m.getBlockPublicAcls(),
                m.getIgnorePublicAcls(),
                m.getBlockPublicPolicy(),
                m.getRestrictPublicBuckets());
    }

    public static ValueMessages.DocumentKind encode(DocumentKind kind) {
        return switch (kind) {
            case POLICY -> ValueMessages.DocumentKind.POLICY;
            case CORS -> ValueMessages.DocumentKind.CORS;
            case TAGGING -> ValueMessages.DocumentKind.TAGGING;
            case LIFECYCLE -> ValueMessages.DocumentKind.LIFECYCLE;
            case ACL -> ValueMessages.DocumentKind.ACL;
        };
    }

    static DocumentKind decode(ValueMessages.DocumentKind m) {
        return switch (m) {
            case POLICY -> DocumentKind.POLICY;
            case CORS -> DocumentKind.CORS;
            case TAGGING -> DocumentKind.TAGGING;
            case LIFECYCLE -> DocumentKind.LIFECYCLE;
            case ACL -> DocumentKind.ACL;
            case NO_DOCUMENT, UNRECOGNIZED -> throw new IllegalArgumentException("unknown kind of document");
        };
    }

    static CommandMessages.SetBucketSetting encode(SetBucketSetting command) {
        CommandMessages.SetBucketSetting.Builder m = CommandMessages.SetBucketSetting.newBuilder()
                .setBucket(command.bucket().value());
        switch (command.setting()) {
            case BucketSetting.Versions(Versioning versioning) -> m.setVersioning(ValueCodec.encode(versioning));
            case BucketSetting.Locks(ObjectLock lock) -> m.setLock(encode(lock));
            case BucketSetting.OwnershipControls(ObjectOwnership ownership) -> m.setOwnership(encode(ownership));
            case BucketSetting.PublicAccess(PublicAccessBlock block) -> {
                if (block == null) {
                    m.setNoPublicAccessBlock(true);
                } else {
                    m.setPublicAccessBlock(encode(block));
                }
            }
            case BucketSetting.AccelerationSuspended() -> m.setAccelerationSuspended(true);
            case BucketSetting.Encrypted(BucketEncryption encryption) -> {
                if (encryption == null) {
                    m.setNoEncryption(true);
                } else {
                    m.setEncryption(EncryptionCodec.encode(encryption));
                }
            }
        }
        return m.build();
    }

    static SetBucketSetting decode(CommandMessages.SetBucketSetting m) {
        return new SetBucketSetting(
                new BucketId(m.getBucket()),
                switch (m.getSettingCase()) {
                    case VERSIONING -> new BucketSetting.Versions(ValueCodec.decode(m.getVersioning()));
                    case LOCK -> new BucketSetting.Locks(decode(m.getLock()));
                    case OWNERSHIP -> new BucketSetting.OwnershipControls(decode(m.getOwnership()));
                    case PUBLIC_ACCESS_BLOCK -> new BucketSetting.PublicAccess(decode(m.getPublicAccessBlock()));
                    case NO_PUBLIC_ACCESS_BLOCK -> new BucketSetting.PublicAccess(null);
                    case ACCELERATION_SUSPENDED -> new BucketSetting.AccelerationSuspended();
                    case ENCRYPTION -> new BucketSetting.Encrypted(EncryptionCodec.decode(m.getEncryption()));
                    case NO_ENCRYPTION -> new BucketSetting.Encrypted(null);
                    case SETTING_NOT_SET -> throw new IllegalArgumentException("an unknown or empty setting");
                });
    }

    static CommandMessages.SetBucketDocument encode(SetBucketDocument command) {
        CommandMessages.SetBucketDocument.Builder m = CommandMessages.SetBucketDocument.newBuilder()
                .setBucket(command.bucket().value())
                .setKind(encode(command.kind()));
        if (command.content() != null) {
            m.setContent(ValueCodec.wrap(command.content()));
        }
        return m.build();
    }

    static SetBucketDocument decode(CommandMessages.SetBucketDocument m) {
        ByteString content = m.getContent();
        return new SetBucketDocument(
                new BucketId(m.getBucket()),
                decode(m.getKind()),
                m.hasContent() ? content.asReadOnlyByteBuffer() : null);
    }
}
