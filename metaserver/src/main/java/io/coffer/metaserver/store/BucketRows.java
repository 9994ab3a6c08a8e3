package io.coffer.metaserver.store;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.SettingsCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredFence;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredToken;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.model.Usage;
import io.coffer.proto.metadata.ReplyMessages;
import io.coffer.proto.metadata.RowMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Rows of bucket groups, but for versions. */
final class BucketRows {
    static final Table.Codec<StoredPartition> PARTITION = new MessageCodec<>(
            RowMessages.PartitionRow.parser(),
            BucketRows::encode,
            row -> new StoredPartition(
                    new BucketId(row.getBucket()),
                    ValueCodec.decode(row.getPartition()),
                    row.getClosed(),
                    row.getUploadsAfter(),
                    row.hasSettings() ? SettingsCodec.decode(row.getSettings()) : PartitionSettings.UNTOLD));

    static final Table.Codec<Usage> COUNTERS = new MessageCodec<>(
            RowMessages.CountersRow.parser(),
            usage -> RowMessages.CountersRow.newBuilder()
                    .setObjects(usage.objects())
                    .setVersions(usage.versions())
                    .setDeleteMarkers(usage.deleteMarkers())
                    .setUploads(usage.uploads())
                    .setVersionBytes(usage.versionBytes())
                    .setUploadBytes(usage.uploadBytes())
                    .build(),
            row -> new Usage(
                    row.getObjects(),
                    row.getVersions(),
                    row.getDeleteMarkers(),
                    row.getUploads(),
                    row.getVersionBytes(),
                    row.getUploadBytes()));

    static final Table.Codec<Long> NULL_VERSION = new MessageCodec<>(
            RowMessages.NullVersionRow.parser(),
            sequence -> RowMessages.NullVersionRow.newBuilder()
                    .setSequence(sequence)
                    .build(),
            row -> row.getSequence());

    static final Table.Codec<Long> MARKER = new MessageCodec<>(
            RowMessages.MarkerRow.parser(),
            sequence -> RowMessages.MarkerRow.newBuilder().setSequence(sequence).build(),
            row -> row.getSequence());

    static final Table.Codec<StoredUpload> UPLOAD =
            new MessageCodec<>(RowMessages.UploadRow.parser(), BucketRows::encode, BucketRows::decode);

    static final Table.Codec<StoredPart> PART =
            new MessageCodec<>(RowMessages.PartRow.parser(), BucketRows::encode, BucketRows::decode);

    static final Table.Codec<StoredAssembly> ASSEMBLY =
            new MessageCodec<>(RowMessages.AssemblyRow.parser(), BucketRows::encode, BucketRows::decode);

    static final Table.Codec<StoredExtent> EXTENT = new MessageCodec<>(
            RowMessages.ExtentRow.parser(),
            extent -> RowMessages.ExtentRow.newBuilder()
                    .setVolume(extent.volume().value())
                    .setLength(extent.length())
                    .setReferences(extent.references())
                    .setDueMillis(extent.dueMillis())
                    .build(),
            row -> new StoredExtent(
                    new VolumeId(row.getVolume()), row.getLength(), row.getReferences(), row.getDueMillis()));

    static final Table.Codec<Retired> RETIRED =
            new MessageCodec<>(RowMessages.RetiredRow.parser(), BucketRows::encode, BucketRows::decode);

    static final Table.Codec<StoredPiece> PIECE =
            new MessageCodec<>(RowMessages.PieceRow.parser(), BucketRows::encode, BucketRows::decode);

    static final Table.Codec<StoredToken> CLIENT_TOKEN = new MessageCodec<>(
            RowMessages.ClientTokenRow.parser(),
            token -> RowMessages.ClientTokenRow.newBuilder()
                    .setFingerprint(ValueCodec.wrap(token.fingerprint()))
                    .setReply(MetadataCodec.encode(token.reply()).getPut())
                    .build(),
            row -> new StoredToken(row.getFingerprint().asReadOnlyByteBuffer(), (Reply.PutReply) MetadataCodec.decode(
                    ReplyMessages.Reply.newBuilder().setPut(row.getReply()).build())));

    static final Table.Codec<StoredFence> SEAL_FENCE = new MessageCodec<>(
            RowMessages.SealFenceRow.parser(),
            fence -> RowMessages.SealFenceRow.newBuilder()
                    .setBelow(fence.below())
                    .setMoved(fence.moved())
                    .build(),
            row -> new StoredFence(row.getBelow(), row.getMoved()));

    static final Table.Codec<ExtentSlice> DUE_EXTENT =
            new MessageCodec<>(ValueMessages.ExtentSlice.parser(), ValueCodec::encode, ValueCodec::decode);

    private BucketRows() {}

    private static RowMessages.PartitionRow encode(StoredPartition partition) {
        RowMessages.PartitionRow.Builder row = RowMessages.PartitionRow.newBuilder()
                .setBucket(partition.bucket().value())
                .setPartition(ValueCodec.encode(partition.partition()))
                .setClosed(partition.closed())
                .setUploadsAfter(partition.uploadsAfter());
        if (!partition.settings().equals(PartitionSettings.UNTOLD)) {
            row.setSettings(SettingsCodec.encode(partition.settings()));
        }
        return row.build();
    }

    private static RowMessages.UploadRow encode(StoredUpload upload) {
        RowMessages.UploadRow.Builder row = RowMessages.UploadRow.newBuilder()
                .setSequence(upload.sequence())
                .setOwner(ValueCodec.encode(upload.owner()))
                .setChecksumAlgorithm(ValueCodec.encode(upload.checksumAlgorithm()))
                .setChecksumType(ValueCodec.encode(upload.checksumType()))
                .setParts(upload.parts())
                .setBytes(upload.bytes());
        if (!upload.attributes().equals(ObjectAttributes.EMPTY)) {
            row.setAttributes(ValueCodec.encode(upload.attributes()).toByteString());
        }
        if (!upload.initiator().equals(upload.owner())) {
            row.setInitiator(ValueCodec.encode(upload.initiator()));
        }
        return row.build();
    }

    private static StoredUpload decode(RowMessages.UploadRow row) {
        return new StoredUpload(
                row.getSequence(),
                ValueCodec.account(row.getOwner()),
                ValueCodec.account(row.hasInitiator() ? row.getInitiator() : row.getOwner()),
                VersionRows.decodeAttributes(row.getAttributes()),
                ValueCodec.decode(row.getChecksumAlgorithm()),
                ValueCodec.decode(row.getChecksumType()),
                row.getParts(),
                row.getBytes());
    }

    private static RowMessages.PartRow encode(StoredPart part) {
        RowMessages.PartRow.Builder row = RowMessages.PartRow.newBuilder()
                .setEtag(VersionRows.hex(part.etag()))
                .setSize(part.size())
                .setModifiedMillis(part.modifiedMillis())
                .addAllRuns(VersionRows.encode(part.content().runs()));
        if (part.checksum() != null) {
            row.setChecksum(VersionRows.encode(part.checksum()));
        }
        return row.build();
    }

    private static StoredPart decode(RowMessages.PartRow row) {
        return new StoredPart(
                VersionRows.hex(row.getEtag()),
                row.getSize(),
                row.getModifiedMillis(),
                row.hasChecksum() ? VersionRows.decode(row.getChecksum()) : null,
                new Content.Runs(VersionRows.decode(row.getRunsList())));
    }

    private static RowMessages.AssemblyRow encode(StoredAssembly assembly) {
        RowMessages.AssemblyRow.Builder row = RowMessages.AssemblyRow.newBuilder()
                .setReferences(assembly.references())
                .setBucket(assembly.bucket().value())
                .setKey(assembly.key())
                .setCompletion(MetadataCodec.encode(assembly.completion()).getComplete());
        for (PartLayout.Group group : assembly.layout().groups()) {
            row.addGroupsBuilder()
                    .setFirstNumber(group.firstNumber())
                    .setCount(group.count())
                    .setSize(group.size());
        }
        return row.build();
    }

    private static StoredAssembly decode(RowMessages.AssemblyRow row) {
        return new StoredAssembly(
                row.getReferences(),
                new PartLayout(row.getGroupsList().stream()
                        .map(group -> new PartLayout.Group(group.getFirstNumber(), group.getCount(), group.getSize()))
                        .toList()),
                new BucketId(row.getBucket()),
                row.getKey(),
                (Reply.CompleteReply) MetadataCodec.decode(ReplyMessages.Reply.newBuilder()
                        .setComplete(row.getCompletion())
                        .build()));
    }

    private static RowMessages.RetiredRow encode(Retired retired) {
        RowMessages.RetiredRow.Builder row = RowMessages.RetiredRow.newBuilder().setKey(retired.key());
        if (retired.bucket() != null) {
            row.setBucket(retired.bucket().value());
        }
        switch (retired.content()) {
            case Content.Assembly assembly -> row.setAssembly(ValueCodec.encode(assembly.upload()));
            case Content.Chain chain -> row.setChain(VersionRows.encode(chain));
            case Content.Runs runs -> row.addAllRuns(VersionRows.encode(runs.runs()));
        }
        return row.build();
    }

    private static Retired decode(RowMessages.RetiredRow row) {
        return new Retired(
                row.getBucket() == 0 ? null : new BucketId(row.getBucket()),
                row.getKey(),
                row.hasChain()
                        ? VersionRows.decode(row.getChain())
                        : row.hasAssembly()
                                ? new Content.Assembly(ValueCodec.upload(row.getAssembly()))
                                : new Content.Runs(VersionRows.decode(row.getRunsList())));
    }

    private static RowMessages.PieceRow encode(StoredPiece piece) {
        RowMessages.PieceRow.Builder row =
                RowMessages.PieceRow.newBuilder().setOffset(piece.offset()).setReferences(piece.references());
        switch (piece.content()) {
            case Content.Assembly assembly -> row.setAssembly(ValueCodec.encode(assembly.upload()));
            case Content.Runs runs -> row.addAllRuns(VersionRows.encode(runs.runs()));
            case Content.Chain chain -> throw new IllegalArgumentException("a piece is no chain");
        }
        return row.build();
    }

    private static StoredPiece decode(RowMessages.PieceRow row) {
        return new StoredPiece(
                row.getOffset(),
                row.hasAssembly()
                        ? new Content.Assembly(ValueCodec.upload(row.getAssembly()))
                        : new Content.Runs(VersionRows.decode(row.getRunsList())),
                row.getReferences());
    }
}
