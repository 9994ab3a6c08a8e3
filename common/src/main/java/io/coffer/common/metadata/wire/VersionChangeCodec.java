package io.coffer.common.metadata.wire;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.BucketCommand.ChangeVersion;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionLock;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Locks of versions, and what can be changed of versions. */
final class VersionChangeCodec {
    private VersionChangeCodec() {}

    static CommandMessages.ChangeVersion encode(ChangeVersion command) {
        CommandMessages.ChangeVersion.Builder m = CommandMessages.ChangeVersion.newBuilder()
                .setPartition(ValueCodec.encode(command.partition()))
                .setKey(command.key())
                .setVersion(ValueCodec.encode(command.version()));
        switch (command.change()) {
            case VersionChange.Tags tags -> m.getTagsBuilder().addAllTags(ValueCodec.encode(tags.tags()));
            case VersionChange.Retention(RetentionMode mode, long until, boolean bypassing) -> {
                CommandMessages.RetentionChange.Builder retention =
                        m.getRetentionBuilder().setUntilMillis(until).setBypassGovernance(bypassing);
                if (mode != null) {
                    retention.setMode(SettingsCodec.encode(mode));
                }
            }
            case VersionChange.LegalHold(boolean hold) -> m.setLegalHold(hold);
            case VersionChange.Grants(AccessControlList acl) -> m.setAcl(AclCodec.encode(acl));
        }
        return m.build();
    }

    static ChangeVersion decode(CommandMessages.ChangeVersion m) {
        VersionChange change = switch (m.getChangeCase()) {
            case TAGS ->
                new VersionChange.Tags(ValueCodec.attributes(m.getTags().getTagsList()));
            case RETENTION -> {
                CommandMessages.RetentionChange retention = m.getRetention();
                yield new VersionChange.Retention(
                        retention.hasMode() ? SettingsCodec.decode(retention.getMode()) : null,
                        retention.getUntilMillis(),
                        retention.getBypassGovernance());
            }
            case LEGAL_HOLD -> new VersionChange.LegalHold(m.getLegalHold());
            case ACL -> new VersionChange.Grants(AclCodec.decode(m.getAcl()));
            case CHANGE_NOT_SET -> throw new IllegalArgumentException("unknown change of a version");
        };
        return new ChangeVersion(
                ValueCodec.decode(m.getPartition()), m.getKey(), ValueCodec.decode(m.getVersion()), change);
    }

    static ValueMessages.VersionLock encode(VersionLock lock) {
        ValueMessages.VersionLock.Builder m = ValueMessages.VersionLock.newBuilder()
                .setUntilMillis(lock.untilMillis())
                .setHold(lock.hold());
        RetentionMode mode = lock.mode();
        if (mode != null) {
            m.setMode(SettingsCodec.encode(mode));
        }
        return m.build();
    }

    static VersionLock decode(ValueMessages.VersionLock m) {
        return new VersionLock(m.hasMode() ? SettingsCodec.decode(m.getMode()) : null, m.getUntilMillis(), m.getHold());
    }
}
