package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.account;
import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.upload;
import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.AbortUpload;
import io.coffer.common.metadata.BucketCommand.ApplySettings;
import io.coffer.common.metadata.BucketCommand.ChangeVersion;
import io.coffer.common.metadata.BucketCommand.ClosePartition;
import io.coffer.common.metadata.BucketCommand.CompleteUpload;
import io.coffer.common.metadata.BucketCommand.CreateUpload;
import io.coffer.common.metadata.BucketCommand.DeleteObject;
import io.coffer.common.metadata.BucketCommand.DeleteObjects;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.BucketCommand.ForgetExtents;
import io.coffer.common.metadata.BucketCommand.OpenPartition;
import io.coffer.common.metadata.BucketCommand.PartName;
import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.BucketCommand.PutPart;
import io.coffer.common.metadata.BucketCommand.ReleaseParts;
import io.coffer.common.metadata.BucketCommand.ReopenPartition;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.ActivateBucket;
import io.coffer.common.metadata.SystemCommand.BeginBucketDeletion;
import io.coffer.common.metadata.SystemCommand.CancelBucketDeletion;
import io.coffer.common.metadata.SystemCommand.CreateAccessKey;
import io.coffer.common.metadata.SystemCommand.CreateAccount;
import io.coffer.common.metadata.SystemCommand.CreateBucket;
import io.coffer.common.metadata.SystemCommand.CreateToken;
import io.coffer.common.metadata.SystemCommand.CreateVolume;
import io.coffer.common.metadata.SystemCommand.DeleteAccessKey;
import io.coffer.common.metadata.SystemCommand.DeleteAccount;
import io.coffer.common.metadata.SystemCommand.DeleteToken;
import io.coffer.common.metadata.SystemCommand.FinishBucketDeletion;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MemberCaughtUp;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.SystemCommand.NoteSettingsApplied;
import io.coffer.common.metadata.SystemCommand.RedeemToken;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.RemoveDisk;
import io.coffer.common.metadata.SystemCommand.RemoveNode;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.metadata.SystemCommand.SetAccessKeyEnabled;
import io.coffer.common.metadata.SystemCommand.SetAccountEnabled;
import io.coffer.common.metadata.SystemCommand.SetBucketDocument;
import io.coffer.common.metadata.SystemCommand.SetBucketSetting;
import io.coffer.common.metadata.SystemCommand.SetDocument;
import io.coffer.common.metadata.SystemCommand.SetGroup;
import io.coffer.common.metadata.SystemCommand.SetGroupBehind;
import io.coffer.common.metadata.SystemCommand.SetNodeDraining;
import io.coffer.common.metadata.SystemCommand.SetNodeState;
import io.coffer.common.metadata.SystemCommand.UpdateVolume;
import io.coffer.common.metadata.Versioning;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Commands. Same rules as {@link ValueCodec}. */
final class CommandCodec {
    private CommandCodec() {}

    static CommandMessages.Command encode(Command<?> command) {
        CommandMessages.Command.Builder m = CommandMessages.Command.newBuilder();
        switch (command) {
            case SystemCommand<?> c -> encode(c, m);
            case BucketCommand<?> c -> encode(c, m);
        }
        return m.build();
    }

    private static void encode(SystemCommand<?> command, CommandMessages.Command.Builder m) {
        switch (command) {
            case InitializeCluster c ->
                m.getInitializeClusterBuilder()
                        .setCluster(ClusterCodec.encode(c.cluster().value()));
            case CreateAccount c ->
                m.getCreateAccountBuilder()
                        .setId(ValueCodec.encode(c.id()))
                        .setCanonicalId(c.canonicalId())
                        .setName(c.name())
                        .setEmail(c.email())
                        .setRoot(c.root());
            case SetAccountEnabled c ->
                m.getSetAccountEnabledBuilder().setId(ValueCodec.encode(c.id())).setEnabled(c.enabled());
            case DeleteAccount c -> m.getDeleteAccountBuilder().setId(ValueCodec.encode(c.id()));
            case CreateAccessKey c ->
                m.getCreateAccessKeyBuilder()
                        .setAccessKey(c.accessKey())
                        .setAccount(ValueCodec.encode(c.account()))
                        .setSealedSecret(wrap(c.sealedSecret()))
                        .setDescription(c.description());
            case SetAccessKeyEnabled c ->
                m.getSetAccessKeyEnabledBuilder().setAccessKey(c.accessKey()).setEnabled(c.enabled());
            case DeleteAccessKey c -> m.getDeleteAccessKeyBuilder().setAccessKey(c.accessKey());
            case CreateBucket c -> {
                CommandMessages.CreateBucket.Builder b = m.getCreateBucketBuilder()
                        .setName(c.name())
                        .setFoldedName(c.foldedName())
                        .setOwner(ValueCodec.encode(c.owner()))
                        .setRegion(c.region())
                        .setPolicy(c.policy())
                        .setVersioning(
                                ValueCodec.encode(c.settings().partition().versioning()));
                ValueMessages.BucketSettings settings = SettingsCodec.encode(c.settings());
                if (settings != null) {
                    b.setSettings(settings);
                }
            }
            case ActivateBucket c ->
                m.getActivateBucketBuilder().setBucket(c.bucket().value());
            case BeginBucketDeletion c ->
                m.getBeginBucketDeletionBuilder().setBucket(c.bucket().value());
            case CancelBucketDeletion c ->
                m.getCancelBucketDeletionBuilder().setBucket(c.bucket().value());
            case FinishBucketDeletion c ->
                m.getFinishBucketDeletionBuilder().setBucket(c.bucket().value());
            case SystemCommand.BeginPurge c ->
                m.getBeginPurgeBuilder().setBucket(c.bucket().value());
            case SystemCommand.NotePurge c -> m.setNotePurge(ExtentCommandCodec.encode(c));
            case RegisterNode c -> m.getRegisterNodeBuilder().setNode(ClusterCodec.encode(c.node()));
            case RegisterDisk c ->
                m.getRegisterDiskBuilder()
                        .setDisk(ClusterCodec.encode(c.disk()))
                        .setSequence(c.sequence());
            case ReportDisk c ->
                m.getReportDiskBuilder()
                        .setDisk(ClusterCodec.encode(c.disk().value()))
                        .setState(ClusterCodec.encode(c.state()))
                        .setTotalBytes(c.totalBytes())
                        .setFreeBytes(c.freeBytes())
                        .setSequence(c.sequence());
            case CreateVolume c -> m.getCreateVolumeBuilder().setVolume(ClusterCodec.encode(c.volume()));
            case UpdateVolume c ->
                m.getUpdateVolumeBuilder()
                        .setVolume(ClusterCodec.encode(c.volume()))
                        .setExpectedEpoch(c.expectedEpoch());
            case SetNodeState c ->
                m.getSetNodeStateBuilder().setNode(id(c.node())).setState(ClusterCodec.encode(c.state()));
            case SetNodeDraining c ->
                m.getSetNodeDrainingBuilder().setNode(id(c.node())).setDraining(c.draining());
            case RemoveNode c -> m.getRemoveNodeBuilder().setNode(id(c.node()));
            case RemoveDisk c ->
                m.getRemoveDiskBuilder().setDisk(ClusterCodec.encode(c.disk().value()));
            case MarkBehind c -> m.getMarkBehindBuilder().addAllMissed(map(c.missed(), CommandCodec::missed));
            case MemberCaughtUp c ->
                m.getMemberCaughtUpBuilder()
                        .setVolume(c.volume().value())
                        .setIndex(c.index())
                        .setEpoch(c.epoch())
                        .setMarks(c.marks())
                        .setSequence(c.sequence());
            case SetGroup c ->
                m.getSetGroupBuilder()
                        .setGroup(ClusterCodec.encode(c.group()))
                        .addAllExpected(map(c.expected(), CommandCodec::id));
            case SetGroupBehind c ->
                m.getSetGroupBehindBuilder()
                        .setGroup(c.group().value())
                        .addAllBehind(map(c.behind(), CommandCodec::id));
            case CreateToken c ->
                m.getCreateTokenBuilder()
                        .setId(c.id())
                        .setRole(ClusterCodec.encode(c.role()))
                        .setSecretHash(wrap(c.secretHash()))
                        .setExpiresMillis(c.expiresMillis());
            case RedeemToken c ->
                m.getRedeemTokenBuilder()
                        .setId(c.id())
                        .setSecretHash(wrap(c.secretHash()))
                        .setRole(ClusterCodec.encode(c.role()))
                        .setNode(id(c.node()))
                        .setKeyHash(wrap(c.keyHash()));
            case DeleteToken c -> m.getDeleteTokenBuilder().setId(c.id());
            case SetDocument c ->
                m.getSetDocumentBuilder()
                        .setName(c.name())
                        .setExpectedRevision(c.expectedRevision())
                        .setValue(wrap(c.value()));
            case SetBucketSetting c -> m.setSetBucketSetting(SettingsCodec.encode(c));
            case SetBucketDocument c -> m.setSetBucketDocument(SettingsCodec.encode(c));
            case NoteSettingsApplied c ->
                m.getNoteSettingsAppliedBuilder().setBucket(c.bucket().value()).setRevision(c.revision());
        }
    }

    private static ValueMessages.Id128 id(NodeId node) {
        return ClusterCodec.encode(node.value());
    }

    private static CommandMessages.MissedWrite missed(MissedWrite missed) {
        return CommandMessages.MissedWrite.newBuilder()
                .setVolume(missed.volume().value())
                .setEpoch(missed.epoch())
                .setIndex(missed.index())
                .setBornMillis(missed.bornMillis())
                .build();
    }

    private static void encode(BucketCommand<?> command, CommandMessages.Command.Builder m) {
        switch (command) {
            case OpenPartition c -> {
                CommandMessages.OpenPartition.Builder b = m.getOpenPartitionBuilder()
                        .setBucket(c.bucket().value())
                        .setPartition(ValueCodec.encode(c.partition()));
                if (!c.settings().equals(PartitionSettings.UNTOLD)) {
                    b.setSettings(SettingsCodec.encode(c.settings()));
                }
            }
            case ApplySettings c ->
                m.getApplySettingsBuilder()
                        .setBucket(c.bucket().value())
                        .setPartition(c.partition().value())
                        .setSettings(SettingsCodec.encode(c.settings()));
            case ClosePartition c ->
                m.getClosePartitionBuilder()
                        .setBucket(c.bucket().value())
                        .setPartition(c.partition().value());
            case ReopenPartition c ->
                m.getReopenPartitionBuilder()
                        .setBucket(c.bucket().value())
                        .setPartition(c.partition().value());
            case PutObject c -> m.setPutObject(putObject(c));
            case DeleteObject c ->
                m.getDeleteObjectBuilder()
                        .setPartition(ValueCodec.encode(c.partition()))
                        .setTarget(target(c.target()))
                        .setVersioning(ValueCodec.encode(c.versioning()))
                        .setOwner(ValueCodec.encode(c.owner()));
            case DeleteObjects c ->
                m.getDeleteObjectsBuilder()
                        .setPartition(ValueCodec.encode(c.partition()))
                        .addAllTargets(map(c.targets(), CommandCodec::target))
                        .setVersioning(ValueCodec.encode(c.versioning()))
                        .setOwner(ValueCodec.encode(c.owner()));
            case CreateUpload c -> m.setCreateUpload(UploadCodec.encode(c));
            case PutPart c -> m.setPutPart(putPart(c));
            case CompleteUpload c -> m.setCompleteUpload(completeUpload(c));
            case AbortUpload c ->
                m.getAbortUploadBuilder()
                        .setPartition(ValueCodec.encode(c.partition()))
                        .setKey(c.key())
                        .setUpload(ValueCodec.encode(c.upload()));
            case ChangeVersion c -> m.setChangeVersion(VersionChangeCodec.encode(c));
            case BucketCommand.AppendObject c -> m.setAppendObject(ExtentCommandCodec.encode(c));
            case BucketCommand.ComposeObject c -> m.setComposeObject(ExtentCommandCodec.encode(c));
            case BucketCommand.RenameObject c -> m.setRenameObject(ExtentCommandCodec.encode(c));
            case BucketCommand.PurgePartition c -> m.setPurgePartition(ExtentCommandCodec.encode(c));
            case BucketCommand.RenewSeals c -> m.setRenewSeals(SealCodec.encode(c));
            case ForgetExtents c -> m.getForgetExtentsBuilder().addAllExtents(map(c.extents(), ValueCodec::encode));
            case ReleaseParts c -> m.getReleasePartsBuilder().setMaxParts(c.maxParts());
        }
    }

    private static CommandMessages.PutObject putObject(PutObject c) {
        CommandMessages.PutObject.Builder m = CommandMessages.PutObject.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setOwner(ValueCodec.encode(c.owner()))
                .setEtag(c.etag())
                .setSize(c.size())
                .setAttributes(ValueCodec.encode(c.attributes()))
                .setPayload(ValueCodec.encode(c.payload()))
                .setCondition(ValueCodec.encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()));
        if (c.checksum() != null) {
            m.setChecksum(ValueCodec.encode(c.checksum()));
        }
        return m.build();
    }

    private static CommandMessages.PutPart putPart(PutPart c) {
        CommandMessages.PutPart.Builder m = CommandMessages.PutPart.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setUpload(ValueCodec.encode(c.upload()))
                .setNumber(c.number())
                .setEtag(c.etag())
                .setSize(c.size())
                .setPayload(ValueCodec.encode(c.payload()));
        if (c.checksum() != null) {
            m.setChecksum(ValueCodec.encode(c.checksum()));
        }
        return m.build();
    }

    private static CommandMessages.CompleteUpload completeUpload(CompleteUpload c) {
        CommandMessages.CompleteUpload.Builder m = CommandMessages.CompleteUpload.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setUpload(ValueCodec.encode(c.upload()))
                .addAllParts(map(c.parts(), CommandCodec::partName))
                .setCondition(ValueCodec.encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()));
        if (c.expectedSize() >= 0) {
            m.setExpectedSize(c.expectedSize());
        }
        if (c.expectedChecksum() != null) {
            m.setExpectedChecksum(ValueCodec.encode(c.expectedChecksum()));
        }
        return m.build();
    }

    private static CommandMessages.PartName partName(PartName part) {
        CommandMessages.PartName.Builder m =
                CommandMessages.PartName.newBuilder().setNumber(part.number()).setEtag(part.etag());
        if (part.checksum() != null) {
            m.setChecksum(ValueCodec.encode(part.checksum()));
        }
        return m.build();
    }

    private static CommandMessages.DeleteTarget target(DeleteTarget target) {
        CommandMessages.DeleteTarget.Builder m = CommandMessages.DeleteTarget.newBuilder()
                .setKey(target.key())
                .setBypassGovernance(target.bypassGovernance())
                .setCondition(ValueCodec.encode(target.condition()));
        if (target.version() != null) {
            m.setVersion(ValueCodec.encode(target.version()));
        }
        if (target.ifMatchSize() != -1) {
            m.setIfMatchSize(target.ifMatchSize());
        }
        if (target.ifMatchModifiedSeconds() != -1) {
            m.setIfMatchModifiedSeconds(target.ifMatchModifiedSeconds());
        }
        if (target.ifLatest() != null) {
            m.setIfLatest(target.ifLatest().sequence());
        }
        if (target.unlessLatest() != null) {
            m.setUnlessLatest(target.unlessLatest().sequence());
        }
        return m.build();
    }

    static Command<?> decode(CommandMessages.Command m) {
        return switch (m.getCommandCase()) {
            case INITIALIZE_CLUSTER ->
                new InitializeCluster(
                        new ClusterId(ClusterCodec.uuid(m.getInitializeCluster().getCluster())));
            case CREATE_ACCOUNT -> {
                CommandMessages.CreateAccount c = m.getCreateAccount();
                yield new CreateAccount(account(c.getId()), c.getCanonicalId(), c.getName(), c.getEmail(), c.getRoot());
            }
            case SET_ACCOUNT_ENABLED ->
                new SetAccountEnabled(
                        account(m.getSetAccountEnabled().getId()),
                        m.getSetAccountEnabled().getEnabled());
            case DELETE_ACCOUNT ->
                new DeleteAccount(account(m.getDeleteAccount().getId()));
            case CREATE_ACCESS_KEY -> {
                CommandMessages.CreateAccessKey c = m.getCreateAccessKey();
                yield new CreateAccessKey(
                        c.getAccessKey(),
                        account(c.getAccount()),
                        c.getSealedSecret().asReadOnlyByteBuffer(),
                        c.getDescription());
            }
            case SET_ACCESS_KEY_ENABLED ->
                new SetAccessKeyEnabled(
                        m.getSetAccessKeyEnabled().getAccessKey(),
                        m.getSetAccessKeyEnabled().getEnabled());
            case DELETE_ACCESS_KEY -> new DeleteAccessKey(m.getDeleteAccessKey().getAccessKey());
            case CREATE_BUCKET -> {
                CommandMessages.CreateBucket c = m.getCreateBucket();
                Versioning versioning = ValueCodec.decode(c.getVersioning());
                yield new CreateBucket(
                        c.getName(),
                        c.getFoldedName(),
                        account(c.getOwner()),
                        c.getRegion(),
                        c.getPolicy(),
                        c.hasSettings()
                                ? SettingsCodec.decode(versioning, c.getSettings())
                                : BucketSettings.of(versioning));
            }
            case ACTIVATE_BUCKET ->
                new ActivateBucket(bucket(m.getActivateBucket().getBucket()));
            case BEGIN_BUCKET_DELETION ->
                new BeginBucketDeletion(bucket(m.getBeginBucketDeletion().getBucket()));
            case CANCEL_BUCKET_DELETION ->
                new CancelBucketDeletion(bucket(m.getCancelBucketDeletion().getBucket()));
            case FINISH_BUCKET_DELETION ->
                new FinishBucketDeletion(bucket(m.getFinishBucketDeletion().getBucket()));
            case BEGIN_PURGE ->
                new SystemCommand.BeginPurge(bucket(m.getBeginPurge().getBucket()));
            case NOTE_PURGE -> ExtentCommandCodec.decode(m.getNotePurge());
            case REGISTER_NODE ->
                new RegisterNode(ClusterCodec.decode(m.getRegisterNode().getNode()));
            case REGISTER_DISK ->
                new RegisterDisk(
                        ClusterCodec.decode(m.getRegisterDisk().getDisk()),
                        m.getRegisterDisk().getSequence());
            case REPORT_DISK -> {
                CommandMessages.ReportDisk c = m.getReportDisk();
                yield new ReportDisk(
                        new DiskId(ClusterCodec.uuid(c.getDisk())),
                        ClusterCodec.decode(c.getState()),
                        c.getTotalBytes(),
                        c.getFreeBytes(),
                        c.getSequence());
            }
            case CREATE_VOLUME ->
                new CreateVolume(ClusterCodec.decode(m.getCreateVolume().getVolume()));
            case UPDATE_VOLUME ->
                new UpdateVolume(
                        ClusterCodec.decode(m.getUpdateVolume().getVolume()),
                        m.getUpdateVolume().getExpectedEpoch());
            case SET_NODE_STATE ->
                new SetNodeState(
                        ClusterCodec.node(m.getSetNodeState().getNode()),
                        ClusterCodec.decode(m.getSetNodeState().getState()));
            case SET_NODE_DRAINING ->
                new SetNodeDraining(
                        ClusterCodec.node(m.getSetNodeDraining().getNode()),
                        m.getSetNodeDraining().getDraining());
            case REMOVE_NODE ->
                new RemoveNode(ClusterCodec.node(m.getRemoveNode().getNode()));
            case REMOVE_DISK ->
                new RemoveDisk(new DiskId(ClusterCodec.uuid(m.getRemoveDisk().getDisk())));
            case MARK_BEHIND ->
                new MarkBehind(map(
                        m.getMarkBehind().getMissedList(),
                        missed -> new MissedWrite(
                                new VolumeId(missed.getVolume()),
                                missed.getEpoch(),
                                missed.getIndex(),
                                missed.getBornMillis())));
            case MEMBER_CAUGHT_UP -> {
                CommandMessages.MemberCaughtUp c = m.getMemberCaughtUp();
                yield new MemberCaughtUp(
                        new VolumeId(c.getVolume()), c.getIndex(), c.getEpoch(), c.getMarks(), c.getSequence());
            }
            case SET_GROUP ->
                new SetGroup(
                        ClusterCodec.decode(m.getSetGroup().getGroup()),
                        map(m.getSetGroup().getExpectedList(), ClusterCodec::node));
            case SET_GROUP_BEHIND ->
                new SetGroupBehind(
                        new GroupId(m.getSetGroupBehind().getGroup()),
                        map(m.getSetGroupBehind().getBehindList(), ClusterCodec::node));
            case CREATE_TOKEN -> {
                CommandMessages.CreateToken c = m.getCreateToken();
                yield new CreateToken(
                        c.getId(),
                        ClusterCodec.decode(c.getRole()),
                        c.getSecretHash().asReadOnlyByteBuffer(),
                        c.getExpiresMillis());
            }
            case REDEEM_TOKEN -> {
                CommandMessages.RedeemToken c = m.getRedeemToken();
                yield new RedeemToken(
                        c.getId(),
                        c.getSecretHash().asReadOnlyByteBuffer(),
                        ClusterCodec.decode(c.getRole()),
                        ClusterCodec.node(c.getNode()),
                        c.getKeyHash().asReadOnlyByteBuffer());
            }
            case DELETE_TOKEN -> new DeleteToken(m.getDeleteToken().getId());
            case SET_DOCUMENT -> {
                CommandMessages.SetDocument c = m.getSetDocument();
                yield new SetDocument(
                        c.getName(), c.getExpectedRevision(), c.getValue().asReadOnlyByteBuffer());
            }
            case SET_BUCKET_SETTING -> SettingsCodec.decode(m.getSetBucketSetting());
            case SET_BUCKET_DOCUMENT -> SettingsCodec.decode(m.getSetBucketDocument());
            case NOTE_SETTINGS_APPLIED ->
                new NoteSettingsApplied(
                        bucket(m.getNoteSettingsApplied().getBucket()),
                        m.getNoteSettingsApplied().getRevision());
            case OPEN_PARTITION ->
                new OpenPartition(
                        bucket(m.getOpenPartition().getBucket()),
                        ValueCodec.decode(m.getOpenPartition().getPartition()),
                        SettingsCodec.decode(m.getOpenPartition().getSettings()));
            case APPLY_SETTINGS ->
                new ApplySettings(
                        bucket(m.getApplySettings().getBucket()),
                        new PartitionId(m.getApplySettings().getPartition()),
                        SettingsCodec.decode(m.getApplySettings().getSettings()));
            case CLOSE_PARTITION ->
                new ClosePartition(
                        bucket(m.getClosePartition().getBucket()),
                        new PartitionId(m.getClosePartition().getPartition()));
            case REOPEN_PARTITION ->
                new ReopenPartition(
                        bucket(m.getReopenPartition().getBucket()),
                        new PartitionId(m.getReopenPartition().getPartition()));
            case PUT_OBJECT -> putObject(m.getPutObject());
            case DELETE_OBJECT -> {
                CommandMessages.DeleteObject c = m.getDeleteObject();
                yield new DeleteObject(
                        ValueCodec.decode(c.getPartition()),
                        target(c.getTarget()),
                        ValueCodec.decode(c.getVersioning()),
                        account(c.getOwner()));
            }
            case DELETE_OBJECTS -> {
                CommandMessages.DeleteObjects c = m.getDeleteObjects();
                yield new DeleteObjects(
                        ValueCodec.decode(c.getPartition()),
                        map(c.getTargetsList(), CommandCodec::target),
                        ValueCodec.decode(c.getVersioning()),
                        account(c.getOwner()));
            }
            case CREATE_UPLOAD -> UploadCodec.decode(m.getCreateUpload());
            case PUT_PART -> putPart(m.getPutPart());
            case COMPLETE_UPLOAD -> completeUpload(m.getCompleteUpload());
            case ABORT_UPLOAD -> {
                CommandMessages.AbortUpload c = m.getAbortUpload();
                yield new AbortUpload(ValueCodec.decode(c.getPartition()), c.getKey(), upload(c.getUpload()));
            }
            case CHANGE_VERSION -> VersionChangeCodec.decode(m.getChangeVersion());
            case APPEND_OBJECT -> ExtentCommandCodec.decode(m.getAppendObject());
            case COMPOSE_OBJECT -> ExtentCommandCodec.decode(m.getComposeObject());
            case RENAME_OBJECT -> ExtentCommandCodec.decode(m.getRenameObject());
            case PURGE_PARTITION -> ExtentCommandCodec.decode(m.getPurgePartition());
            case RENEW_SEALS -> SealCodec.decode(m.getRenewSeals());
            case FORGET_EXTENTS -> new ForgetExtents(map(m.getForgetExtents().getExtentsList(), ValueCodec::extent));
            case RELEASE_PARTS -> new ReleaseParts(m.getReleaseParts().getMaxParts());
            case COMMAND_NOT_SET -> throw new IllegalArgumentException("an unknown or empty command");
        };
    }

    private static PutObject putObject(CommandMessages.PutObject c) {
        return new PutObject(
                ValueCodec.decode(c.getPartition()),
                c.getKey(),
                account(c.getOwner()),
                c.getEtag(),
                c.getSize(),
                c.hasChecksum() ? ValueCodec.decode(c.getChecksum()) : null,
                ValueCodec.decode(c.getAttributes()),
                ValueCodec.decode(c.getPayload()),
                ValueCodec.decode(c.getCondition()),
                ValueCodec.decode(c.getVersioning()));
    }

    private static PutPart putPart(CommandMessages.PutPart c) {
        return new PutPart(
                ValueCodec.decode(c.getPartition()),
                c.getKey(),
                upload(c.getUpload()),
                c.getNumber(),
                c.getEtag(),
                c.getSize(),
                c.hasChecksum() ? ValueCodec.decode(c.getChecksum()) : null,
                ValueCodec.decode(c.getPayload()));
    }

    private static CompleteUpload completeUpload(CommandMessages.CompleteUpload c) {
        return new CompleteUpload(
                ValueCodec.decode(c.getPartition()),
                c.getKey(),
                upload(c.getUpload()),
                map(c.getPartsList(), CommandCodec::partName),
                c.hasExpectedSize() ? c.getExpectedSize() : -1,
                c.hasExpectedChecksum() ? ValueCodec.decode(c.getExpectedChecksum()) : null,
                ValueCodec.decode(c.getCondition()),
                ValueCodec.decode(c.getVersioning()));
    }

    private static PartName partName(CommandMessages.PartName m) {
        return new PartName(m.getNumber(), m.getEtag(), m.hasChecksum() ? ValueCodec.decode(m.getChecksum()) : null);
    }

    private static DeleteTarget target(CommandMessages.DeleteTarget m) {
        return new DeleteTarget(
                m.getKey(),
                m.hasVersion() ? ValueCodec.decode(m.getVersion()) : null,
                ValueCodec.decode(m.getCondition()),
                m.hasIfMatchSize() ? m.getIfMatchSize() : -1,
                m.hasIfMatchModifiedSeconds() ? m.getIfMatchModifiedSeconds() : -1,
                m.getBypassGovernance(),
                m.getIfLatest() == 0 ? null : new VersionId(m.getIfLatest()),
                m.getUnlessLatest() == 0 ? null : new VersionId(m.getUnlessLatest()));
    }

    private static BucketId bucket(long id) {
        return new BucketId(id);
    }
}
