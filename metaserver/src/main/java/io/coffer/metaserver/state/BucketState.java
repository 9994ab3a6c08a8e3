package io.coffer.metaserver.state;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.store.Transaction;

/** The rules of a bucket group. */
public final class BucketState implements GroupState {
    private final PartitionRules partitions;
    private final ObjectRules objects;
    private final AppendRules appends;
    private final UploadRules uploads;
    private final ReclaimRules reclaim;

    /** @param self the group whose rules these are: the owner of the extents it is the first to commit */
    public BucketState(GroupId self) {
        ContentRules contents = new ContentRules(self);
        partitions = new PartitionRules(self);
        objects = new ObjectRules(contents);
        appends = new AppendRules(contents);
        uploads = new UploadRules(contents);
        reclaim = new ReclaimRules(contents);
    }

    @Override
    public Reply apply(Transaction tx, Stamp stamp, RequestId request, Command<?> command) throws RefusedException {
        if (!(command instanceof BucketCommand<?> bucket)) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a command of a bucket group");
        }
        return switch (bucket) {
            case BucketCommand.OpenPartition c -> partitions.open(tx, c);
            case BucketCommand.ApplySettings c -> PartitionRules.applySettings(tx, c);
            case BucketCommand.ClosePartition c -> PartitionRules.close(tx, stamp, c);
            case BucketCommand.ReopenPartition c -> PartitionRules.reopen(tx, c);
            case BucketCommand.PutObject c -> objects.put(tx, stamp, c);
            case BucketCommand.DeleteObject c -> DeleteRules.delete(tx, stamp, c);
            case BucketCommand.DeleteObjects c -> DeleteRules.deleteAll(tx, stamp, c);
            case BucketCommand.CreateUpload c -> UploadRules.create(tx, stamp, c);
            case BucketCommand.PutPart c -> uploads.putPart(tx, stamp, c);
            case BucketCommand.CompleteUpload c -> CompletionRules.complete(tx, stamp, c);
            case BucketCommand.AbortUpload c -> UploadRules.abort(tx, stamp, c);
            case BucketCommand.ChangeVersion c -> VersionRules.change(tx, stamp, c);
            case BucketCommand.AppendObject c -> appends.append(tx, stamp, c);
            case BucketCommand.ComposeObject c -> ComposeRules.compose(tx, stamp, c);
            case BucketCommand.RenameObject c -> RenameRules.rename(tx, stamp, c);
            case BucketCommand.PurgePartition c -> PurgeRules.purge(tx, stamp, c);
            case BucketCommand.RenewSeals c -> SealRules.renew(tx, c);
            case BucketCommand.ForgetExtents c -> ReclaimRules.forget(tx, stamp, c);
            case BucketCommand.ReleaseParts c -> reclaim.release(tx, stamp, c);
        };
    }
}
