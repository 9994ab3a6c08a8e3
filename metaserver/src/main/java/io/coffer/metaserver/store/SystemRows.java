package io.coffer.metaserver.store;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.model.DiskReport;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredPurge;
import io.coffer.proto.metadata.RowMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Rows of the system group. */
final class SystemRows {
    static final Table.Codec<Allocators> ALLOCATORS = new MessageCodec<>(
            RowMessages.AllocatorsRow.parser(),
            ids -> RowMessages.AllocatorsRow.newBuilder()
                    .setLastBucket(ids.lastBucket())
                    .setLastPartition(ids.lastPartition())
                    .setLastVolume(ids.lastVolume())
                    .setClusterRevision(ids.clusterRevision())
                    .build(),
            row -> new Allocators(
                    row.getLastBucket(), row.getLastPartition(), row.getLastVolume(), row.getClusterRevision()));

    static final Table.Codec<ClusterId> CLUSTER_ID = new MessageCodec<>(
            ValueMessages.Id128.parser(),
            id -> ClusterCodec.encode(id.value()),
            row -> new ClusterId(ClusterCodec.uuid(row)));

    static final Table.Codec<StoredAccount> ACCOUNT = new MessageCodec<>(
            RowMessages.AccountRow.parser(),
            account -> RowMessages.AccountRow.newBuilder()
                    .setAccount(ValueCodec.encode(account.account()))
                    .setBuckets(account.buckets())
                    .build(),
            row -> new StoredAccount(ValueCodec.decode(row.getAccount()), row.getBuckets()));

    static final Table.Codec<AccountId> ACCOUNT_ID = new Table.Codec<>() {
        @Override
        public byte[] encode(AccountId value) {
            return Keys.utf8(value.value());
        }

        @Override
        public AccountId decode(byte[] bytes) {
            return new AccountId(ScalarRows.TEXT.decode(bytes));
        }
    };

    static final Table.Codec<AccessKey> ACCESS_KEY =
            new MessageCodec<>(ValueMessages.AccessKey.parser(), ValueCodec::encode, ValueCodec::decode);

    static final Table.Codec<StoredBucket> BUCKET = new MessageCodec<>(
            RowMessages.BucketRow.parser(),
            bucket -> RowMessages.BucketRow.newBuilder()
                    .setBucket(ValueCodec.encode(bucket.bucket()))
                    .setFoldedName(bucket.foldedName())
                    .build(),
            row -> new StoredBucket(ValueCodec.decode(row.getBucket()), row.getFoldedName()));

    static final Table.Codec<Reply.BucketDocumentReply> BUCKET_DOCUMENT = new MessageCodec<>(
            RowMessages.BucketDocumentRow.parser(),
            document -> RowMessages.BucketDocumentRow.newBuilder()
                    .setRevision(document.revision())
                    .setContent(ValueCodec.wrap(document.content()))
                    .build(),
            row -> new Reply.BucketDocumentReply(
                    row.getRevision(), row.getContent().asReadOnlyByteBuffer()));

    static final Table.Codec<Node> NODE =
            new MessageCodec<>(ValueMessages.Node.parser(), ClusterCodec::encode, ClusterCodec::decode);

    static final Table.Codec<Disk> DISK =
            new MessageCodec<>(ValueMessages.Disk.parser(), ClusterCodec::encode, ClusterCodec::decode);

    static final Table.Codec<Volume> VOLUME =
            new MessageCodec<>(ValueMessages.Volume.parser(), ClusterCodec::encode, ClusterCodec::decode);

    static final Table.Codec<MetadataGroup> GROUP =
            new MessageCodec<>(ValueMessages.MetadataGroup.parser(), ClusterCodec::encode, ClusterCodec::decode);
    static final Table.Codec<RemovedNode> REMOVED_NODE =
            new MessageCodec<>(ValueMessages.RemovedNode.parser(), ClusterCodec::encode, ClusterCodec::decode);
    static final Table.Codec<DiskReport> DISK_REPORT = new MessageCodec<>(
            RowMessages.DiskReportRow.parser(),
            report -> RowMessages.DiskReportRow.newBuilder()
                    .setSequence(report.sequence())
                    .setReportedMillis(report.reportedMillis())
                    .build(),
            row -> new DiskReport(row.getSequence(), row.getReportedMillis()));
    static final Table.Codec<JoinToken> TOKEN =
            new MessageCodec<>(ValueMessages.JoinToken.parser(), ClusterCodec::encode, ClusterCodec::decode);
    static final Table.Codec<Reply.DocumentReply> DOCUMENT =
            new MessageCodec<>(ValueMessages.Document.parser(), ClusterCodec::encode, ClusterCodec::decode);

    static final Table.Codec<StoredPurge> PURGE = new MessageCodec<>(
            RowMessages.PurgeRow.parser(),
            purge -> RowMessages.PurgeRow.newBuilder()
                    .setBegunMillis(purge.begunMillis())
                    .setVersions(purge.versions())
                    .setBytes(purge.bytes())
                    .setKept(purge.kept())
                    .setEnded(purge.ended())
                    .build(),
            row -> new StoredPurge(
                    row.getBegunMillis(), row.getVersions(), row.getBytes(), row.getKept(), row.getEnded()));

    private SystemRows() {}
}
