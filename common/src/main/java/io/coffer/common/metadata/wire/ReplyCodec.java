package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.AccessKeyReply;
import io.coffer.common.metadata.Reply.AccessKeysReply;
import io.coffer.common.metadata.Reply.AccountReply;
import io.coffer.common.metadata.Reply.AccountsReply;
import io.coffer.common.metadata.Reply.BehindReply;
import io.coffer.common.metadata.Reply.BucketDocumentReply;
import io.coffer.common.metadata.Reply.BucketReply;
import io.coffer.common.metadata.Reply.BucketsReply;
import io.coffer.common.metadata.Reply.ClusterIdReply;
import io.coffer.common.metadata.Reply.ClusterMapReply;
import io.coffer.common.metadata.Reply.CompleteReply;
import io.coffer.common.metadata.Reply.DeleteReply;
import io.coffer.common.metadata.Reply.DeletesReply;
import io.coffer.common.metadata.Reply.DocumentReply;
import io.coffer.common.metadata.Reply.Done;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Reply.ExtentsReply;
import io.coffer.common.metadata.Reply.MarksReply;
import io.coffer.common.metadata.Reply.ObjectReply;
import io.coffer.common.metadata.Reply.ObjectsPage;
import io.coffer.common.metadata.Reply.PartReply;
import io.coffer.common.metadata.Reply.PartsPage;
import io.coffer.common.metadata.Reply.PutReply;
import io.coffer.common.metadata.Reply.ReclaimReply;
import io.coffer.common.metadata.Reply.ReleasedReply;
import io.coffer.common.metadata.Reply.RunsReply;
import io.coffer.common.metadata.Reply.TokensReply;
import io.coffer.common.metadata.Reply.UploadReply;
import io.coffer.common.metadata.Reply.UploadsPage;
import io.coffer.common.metadata.Reply.UsageReply;
import io.coffer.common.metadata.Reply.VersionsPage;
import io.coffer.common.metadata.Reply.VolumeReply;
import io.coffer.common.metadata.Upload;
import io.coffer.proto.metadata.ReplyMessages;
import org.jspecify.annotations.Nullable;

/** Replies. Same rules as {@link ValueCodec}. */
final class ReplyCodec {
    private ReplyCodec() {}

    static ReplyMessages.Reply encode(Reply reply) {
        ReplyMessages.Reply.Builder m = ReplyMessages.Reply.newBuilder();
        switch (reply) {
            case Done() -> m.setDone(ReplyMessages.Done.getDefaultInstance());
            case Reply.TimeReply(long clusterMillis) ->
                m.setTime(ReplyMessages.TimeReply.newBuilder().setClusterMillis(clusterMillis));
            case AccountReply r -> m.getAccountBuilder().setAccount(ValueCodec.encode(r.account()));
            case AccountsReply r -> m.getAccountsBuilder().addAllAccounts(map(r.accounts(), ValueCodec::encode));
            case AccessKeyReply r ->
                m.getAccessKeyBuilder().setKey(ValueCodec.encode(r.key())).setAccount(ValueCodec.encode(r.account()));
            case AccessKeysReply r -> m.getAccessKeysBuilder().addAllKeys(map(r.keys(), ValueCodec::encode));
            case BucketReply r -> m.getBucketBuilder().setBucket(ValueCodec.encode(r.bucket()));
            case BucketsReply r ->
                m.getBucketsBuilder()
                        .addAllBuckets(map(r.buckets(), ValueCodec::encode))
                        .setTruncated(r.truncated());
            case ClusterMapReply r -> m.getClusterMapBuilder().setMap(ClusterCodec.encode(r.map()));
            case ClusterIdReply r -> {
                ReplyMessages.ClusterIdReply.Builder b = m.getClusterIdBuilder();
                if (r.cluster() != null) {
                    b.setCluster(ClusterCodec.encode(r.cluster().value()));
                }
            }
            case MarksReply r -> m.getMarksBuilder().setMarks(r.marks()).setVolume(ClusterCodec.encode(r.volume()));
            case BehindReply r -> m.getBehindBuilder().addAllStale(map(r.stale(), VolumeId::value));
            case TokensReply r -> m.getTokensBuilder().addAllTokens(map(r.tokens(), ClusterCodec::encode));
            case DocumentReply r -> m.getDocumentBuilder().setDocument(ClusterCodec.encode(r));
            case BucketDocumentReply r ->
                m.getBucketDocumentBuilder().setRevision(r.revision()).setContent(wrap(r.content()));
            case Reply.PurgesReply r -> m.getPurgesBuilder().addAllPurges(map(r.purges(), ReplyCodec::purge));
            case Reply.PurgedReply r ->
                m.getPurgedBuilder()
                        .setVersions(r.versions())
                        .setBytes(r.bytes())
                        .setKept(r.kept())
                        .setLast(wrap(r.last()));
            case Reply.SealsReply r ->
                m.getSealsBuilder().setReplaced(r.replaced()).setMoved(r.moved());
            case Reply.SealsPage r -> m.setSealsPage(SealCodec.encode(r));
            case VolumeReply r -> m.getVolumeBuilder().setVolume(ClusterCodec.encode(r.volume()));
            case PutReply r ->
                m.getPutBuilder()
                        .setVersion(r.version().sequence())
                        .setNullVersion(r.nullVersion())
                        .setModifiedMillis(r.modifiedMillis());
            case DeleteReply r -> m.setDelete(delete(r));
            case DeletesReply r -> m.getDeletesBuilder().addAllReplies(map(r.replies(), ReplyCodec::delete));
            case PartReply r -> m.getPartBuilder().setModifiedMillis(r.modifiedMillis());
            case CompleteReply r -> m.setComplete(complete(r));
            case ReleasedReply r -> m.getReleasedBuilder().setParts(r.parts()).setMore(r.more());
            case ObjectReply r ->
                m.getObjectBuilder()
                        .setVersion(ValueCodec.encode(r.version()))
                        .setOffset(r.offset())
                        .setLength(r.length())
                        .addAllRuns(map(r.runs(), ValueCodec::encode));
            case RunsReply r -> m.getRunsBuilder().addAllRuns(map(r.runs(), ValueCodec::encode));
            case ObjectsPage r ->
                m.getObjectsPageBuilder()
                        .addAllEntries(map(r.entries(), ReplyCodec::versionEntry))
                        .setTruncated(r.truncated())
                        .setLast(r.last());
            case VersionsPage r ->
                m.getVersionsPageBuilder()
                        .addAllEntries(map(r.entries(), ReplyCodec::versionEntry))
                        .setTruncated(r.truncated());
            case UploadsPage r ->
                m.getUploadsPageBuilder()
                        .addAllEntries(map(r.entries(), ReplyCodec::uploadEntry))
                        .setTruncated(r.truncated());
            case UploadReply r -> m.getUploadBuilder().setUpload(UploadCodec.encode(r.upload()));
            case PartsPage r -> {
                ReplyMessages.PartsPage.Builder b = m.getPartsPageBuilder()
                        .addAllParts(map(r.parts(), ValueCodec::encode))
                        .setTruncated(r.truncated())
                        .setTotal(r.total());
                if (r.upload() != null) {
                    b.setUpload(UploadCodec.encode(r.upload()));
                }
            }
            case ExtentsReply r -> m.getExtentsBuilder().addAllExtents(map(r.extents(), ValueCodec::encode));
            case ReclaimReply r -> m.getReclaimBuilder().addAllExtents(map(r.extents(), ValueCodec::encode));
            case UsageReply r ->
                m.getUsageBuilder()
                        .setObjects(r.objects())
                        .setVersions(r.versions())
                        .setDeleteMarkers(r.deleteMarkers())
                        .setUploads(r.uploads())
                        .setBytes(r.bytes());
        }
        return m.build();
    }

    private static ReplyMessages.Purge purge(Purge purge) {
        return ReplyMessages.Purge.newBuilder()
                .setBucket(ValueCodec.encode(purge.bucket()))
                .setBegunMillis(purge.begunMillis())
                .setVersions(purge.versions())
                .setBytes(purge.bytes())
                .setKept(purge.kept())
                .setEnded(purge.ended())
                .build();
    }

    private static Purge purge(ReplyMessages.Purge m) {
        return new Purge(
                ValueCodec.decode(m.getBucket()),
                m.getBegunMillis(),
                m.getVersions(),
                m.getBytes(),
                m.getKept(),
                m.getEnded());
    }

    private static ReplyMessages.DeleteReply delete(DeleteReply r) {
        return ReplyMessages.DeleteReply.newBuilder()
                .setRefusal(ValueCodec.encode(r.refusal()))
                .setVersion(r.version() == null ? 0 : r.version().sequence())
                .setNullVersion(r.nullVersion())
                .setDeleteMarker(r.deleteMarker())
                .build();
    }

    private static ReplyMessages.CompleteReply complete(CompleteReply r) {
        ReplyMessages.CompleteReply.Builder m = ReplyMessages.CompleteReply.newBuilder()
                .setVersion(r.version().sequence())
                .setNullVersion(r.nullVersion())
                .setEtag(r.etag())
                .setSize(r.size())
                .setModifiedMillis(r.modifiedMillis());
        if (r.checksum() != null) {
            m.setChecksum(ValueCodec.encode(r.checksum()));
        }
        return m.build();
    }

    private static ReplyMessages.VersionEntry versionEntry(Entry<ObjectVersion> entry) {
        ReplyMessages.VersionEntry.Builder m = ReplyMessages.VersionEntry.newBuilder();
        return switch (entry) {
            case Entry.Item<ObjectVersion>(ObjectVersion version) ->
                m.setItem(ValueCodec.encode(version)).build();
            case Entry.CommonPrefix<ObjectVersion>(String prefix) ->
                m.setCommonPrefix(prefix).build();
        };
    }

    private static ReplyMessages.UploadEntry uploadEntry(Entry<Upload> entry) {
        ReplyMessages.UploadEntry.Builder m = ReplyMessages.UploadEntry.newBuilder();
        return switch (entry) {
            case Entry.Item<Upload>(Upload upload) ->
                m.setItem(UploadCodec.encode(upload)).build();
            case Entry.CommonPrefix<Upload>(String prefix) ->
                m.setCommonPrefix(prefix).build();
        };
    }

    static Reply decode(ReplyMessages.Reply m) {
        return switch (m.getReplyCase()) {
            case DONE -> Reply.DONE;
            case TIME -> new Reply.TimeReply(m.getTime().getClusterMillis());
            case ACCOUNT -> new AccountReply(ValueCodec.decode(m.getAccount().getAccount()));
            case ACCOUNTS -> new AccountsReply(map(m.getAccounts().getAccountsList(), ValueCodec::decode));
            case ACCESS_KEY ->
                new AccessKeyReply(
                        ValueCodec.decode(m.getAccessKey().getKey()),
                        ValueCodec.decode(m.getAccessKey().getAccount()));
            case ACCESS_KEYS -> new AccessKeysReply(map(m.getAccessKeys().getKeysList(), ValueCodec::decode));
            case BUCKET -> new BucketReply(ValueCodec.decode(m.getBucket().getBucket()));
            case BUCKETS ->
                new BucketsReply(
                        map(m.getBuckets().getBucketsList(), ValueCodec::decode),
                        m.getBuckets().getTruncated());
            case CLUSTER_MAP ->
                new ClusterMapReply(ClusterCodec.decode(m.getClusterMap().getMap()));
            case CLUSTER_ID ->
                new ClusterIdReply(
                        m.getClusterId().hasCluster()
                                ? new ClusterId(
                                        ClusterCodec.uuid(m.getClusterId().getCluster()))
                                : null);
            case VOLUME -> new VolumeReply(ClusterCodec.decode(m.getVolume().getVolume()));
            case MARKS ->
                new MarksReply(
                        m.getMarks().getMarks(),
                        ClusterCodec.decode(m.getMarks().getVolume()));
            case BEHIND -> new BehindReply(map(m.getBehind().getStaleList(), VolumeId::new));
            case TOKENS -> new TokensReply(map(m.getTokens().getTokensList(), ClusterCodec::decode));
            case DOCUMENT -> ClusterCodec.decode(m.getDocument().getDocument());
            case BUCKET_DOCUMENT ->
                new BucketDocumentReply(
                        m.getBucketDocument().getRevision(),
                        m.getBucketDocument().getContent().asReadOnlyByteBuffer());
            case PURGES -> new Reply.PurgesReply(map(m.getPurges().getPurgesList(), ReplyCodec::purge));
            case PURGED -> {
                ReplyMessages.PurgedReply r = m.getPurged();
                yield new Reply.PurgedReply(
                        r.getVersions(), r.getBytes(), r.getKept(), r.getLast().asReadOnlyByteBuffer());
            }
            case SEALS ->
                new Reply.SealsReply(m.getSeals().getReplaced(), m.getSeals().getMoved());
            case SEALS_PAGE -> SealCodec.decode(m.getSealsPage());
            case PUT -> {
                ReplyMessages.PutReply r = m.getPut();
                yield new PutReply(new VersionId(r.getVersion()), r.getNullVersion(), r.getModifiedMillis());
            }
            case DELETE -> delete(m.getDelete());
            case DELETES -> new DeletesReply(map(m.getDeletes().getRepliesList(), ReplyCodec::delete));
            case PART -> new PartReply(m.getPart().getModifiedMillis());
            case COMPLETE -> complete(m.getComplete());
            case RELEASED ->
                new ReleasedReply(m.getReleased().getParts(), m.getReleased().getMore());
            case OBJECT -> {
                ReplyMessages.ObjectReply r = m.getObject();
                yield new ObjectReply(
                        ValueCodec.decode(r.getVersion()),
                        r.getOffset(),
                        r.getLength(),
                        map(r.getRunsList(), ValueCodec::decode));
            }
            case RUNS -> new RunsReply(map(m.getRuns().getRunsList(), ValueCodec::decode));
            case OBJECTS_PAGE -> {
                ReplyMessages.ObjectsPage r = m.getObjectsPage();
                yield new ObjectsPage(map(r.getEntriesList(), ReplyCodec::versionEntry), r.getTruncated(), r.getLast());
            }
            case VERSIONS_PAGE -> {
                ReplyMessages.VersionsPage r = m.getVersionsPage();
                yield new VersionsPage(map(r.getEntriesList(), ReplyCodec::versionEntry), r.getTruncated());
            }
            case UPLOADS_PAGE -> {
                ReplyMessages.UploadsPage r = m.getUploadsPage();
                yield new UploadsPage(map(r.getEntriesList(), ReplyCodec::uploadEntry), r.getTruncated());
            }
            case UPLOAD -> new UploadReply(UploadCodec.decode(m.getUpload().getUpload()));
            case PARTS_PAGE -> {
                ReplyMessages.PartsPage r = m.getPartsPage();
                yield new PartsPage(
                        r.hasUpload() ? UploadCodec.decode(r.getUpload()) : null,
                        map(r.getPartsList(), ValueCodec::decode),
                        r.getTruncated(),
                        r.getTotal());
            }
            case EXTENTS -> new ExtentsReply(map(m.getExtents().getExtentsList(), ValueCodec::extent));
            case RECLAIM -> new ReclaimReply(map(m.getReclaim().getExtentsList(), ValueCodec::decode));
            case USAGE -> {
                ReplyMessages.UsageReply r = m.getUsage();
                yield new UsageReply(
                        r.getObjects(), r.getVersions(), r.getDeleteMarkers(), r.getUploads(), r.getBytes());
            }
            case REPLY_NOT_SET -> throw new IllegalArgumentException("an unknown or empty reply");
        };
    }

    private static DeleteReply delete(ReplyMessages.DeleteReply r) {
        return new DeleteReply(
                ValueCodec.decode(r.getRefusal()), version(r.getVersion()), r.getNullVersion(), r.getDeleteMarker());
    }

    private static @Nullable VersionId version(long sequence) {
        return sequence == 0 ? null : new VersionId(sequence);
    }

    private static CompleteReply complete(ReplyMessages.CompleteReply r) {
        return new CompleteReply(
                new VersionId(r.getVersion()),
                r.getNullVersion(),
                r.getEtag(),
                r.getSize(),
                r.getModifiedMillis(),
                r.hasChecksum() ? ValueCodec.decode(r.getChecksum()) : null);
    }

    private static Entry<ObjectVersion> versionEntry(ReplyMessages.VersionEntry m) {
        return switch (m.getEntryCase()) {
            case ITEM -> new Entry.Item<>(ValueCodec.decode(m.getItem()));
            case COMMON_PREFIX -> new Entry.CommonPrefix<>(m.getCommonPrefix());
            case ENTRY_NOT_SET -> throw new IllegalArgumentException("an empty line of a listing");
        };
    }

    private static Entry<Upload> uploadEntry(ReplyMessages.UploadEntry m) {
        return switch (m.getEntryCase()) {
            case ITEM -> new Entry.Item<>(UploadCodec.decode(m.getItem()));
            case COMMON_PREFIX -> new Entry.CommonPrefix<>(m.getCommonPrefix());
            case ENTRY_NOT_SET -> throw new IllegalArgumentException("an empty line of a listing");
        };
    }
}
