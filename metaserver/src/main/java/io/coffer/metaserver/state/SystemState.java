package io.coffer.metaserver.state;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.metaserver.store.Transaction;

/** The rules of the system group. */
public final class SystemState implements GroupState {
    @Override
    public Reply apply(Transaction tx, Stamp stamp, RequestId request, Command<?> command) throws RefusedException {
        if (!(command instanceof SystemCommand<?> system)) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a command of the system group");
        }
        return switch (system) {
            case SystemCommand.InitializeCluster c -> ClusterRules.initialize(tx, c);
            case SystemCommand.CreateAccount c -> AccountRules.create(tx, stamp, c);
            case SystemCommand.SetAccountEnabled c -> AccountRules.setEnabled(tx, c);
            case SystemCommand.DeleteAccount c -> AccountRules.delete(tx, c);
            case SystemCommand.CreateAccessKey c -> AccessKeyRules.create(tx, stamp, c);
            case SystemCommand.SetAccessKeyEnabled c -> AccessKeyRules.setEnabled(tx, c);
            case SystemCommand.DeleteAccessKey c -> AccessKeyRules.delete(tx, c);
            case SystemCommand.CreateBucket c -> BucketNameRules.create(tx, stamp, c);
            case SystemCommand.ActivateBucket c -> BucketNameRules.activate(tx, c);
            case SystemCommand.BeginBucketDeletion c -> BucketNameRules.beginDeletion(tx, c);
            case SystemCommand.CancelBucketDeletion c -> BucketNameRules.cancelDeletion(tx, c);
            case SystemCommand.FinishBucketDeletion c -> BucketNameRules.finishDeletion(tx, c);
            case SystemCommand.BeginPurge c -> PurgeRules.begin(tx, stamp, c);
            case SystemCommand.NotePurge c -> PurgeRules.note(tx, c);
            case SystemCommand.SetBucketSetting c -> BucketSettingRules.set(tx, c);
            case SystemCommand.SetBucketDocument c -> BucketSettingRules.setDocument(tx, c);
            case SystemCommand.NoteSettingsApplied c -> BucketSettingRules.noteApplied(tx, c);
            case SystemCommand.RegisterNode c -> NodeRules.registerNode(tx, c);
            case SystemCommand.SetNodeState c -> NodeRules.setState(tx, c);
            case SystemCommand.SetNodeDraining c -> NodeRules.setDraining(tx, c);
            case SystemCommand.RemoveNode c -> NodeRules.removeNode(tx, stamp, c);
            case SystemCommand.RegisterDisk c -> NodeRules.registerDisk(tx, stamp, c);
            case SystemCommand.ReportDisk c -> NodeRules.reportDisk(tx, stamp, c);
            case SystemCommand.RemoveDisk c -> NodeRules.removeDisk(tx, c);
            case SystemCommand.SetGroup c -> NodeRules.setGroup(tx, c);
            case SystemCommand.SetGroupBehind c -> NodeRules.setGroupBehind(tx, c);
            case SystemCommand.CreateVolume c -> VolumeRules.create(tx, c);
            case SystemCommand.UpdateVolume c -> VolumeRules.update(tx, c);
            case SystemCommand.MarkBehind c -> VolumeRules.markBehind(tx, c);
            case SystemCommand.MemberCaughtUp c -> VolumeRules.caughtUp(tx, stamp, c);
            case SystemCommand.CreateToken c -> TokenRules.create(tx, stamp, c);
            case SystemCommand.RedeemToken c -> TokenRules.redeem(tx, stamp, c);
            case SystemCommand.DeleteToken c -> TokenRules.delete(tx, c);
            case SystemCommand.SetDocument c -> ClusterRules.setDocument(tx, c);
        };
    }
}
