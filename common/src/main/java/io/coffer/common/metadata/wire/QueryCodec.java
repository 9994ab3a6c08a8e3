package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.account;
import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.upload;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.DueExtents;
import io.coffer.common.metadata.BucketQuery.FindUnreferenced;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.BucketQuery.GetUpload;
import io.coffer.common.metadata.BucketQuery.GetUsage;
import io.coffer.common.metadata.BucketQuery.ListObjectParts;
import io.coffer.common.metadata.BucketQuery.ListObjects;
import io.coffer.common.metadata.BucketQuery.ListParts;
import io.coffer.common.metadata.BucketQuery.ListUploads;
import io.coffer.common.metadata.BucketQuery.ListVersions;
import io.coffer.common.metadata.BucketQuery.ReadRuns;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.SystemQuery.GetAccessKey;
import io.coffer.common.metadata.SystemQuery.GetAccount;
import io.coffer.common.metadata.SystemQuery.GetBucket;
import io.coffer.common.metadata.SystemQuery.GetBucketDocument;
import io.coffer.common.metadata.SystemQuery.GetClusterId;
import io.coffer.common.metadata.SystemQuery.GetClusterMap;
import io.coffer.common.metadata.SystemQuery.GetDocument;
import io.coffer.common.metadata.SystemQuery.GetMemberMarks;
import io.coffer.common.metadata.SystemQuery.ListAccessKeys;
import io.coffer.common.metadata.SystemQuery.ListAccounts;
import io.coffer.common.metadata.SystemQuery.ListBuckets;
import io.coffer.common.metadata.SystemQuery.ListTokens;
import io.coffer.proto.metadata.QueryMessages;

/** Queries. Same rules as {@link ValueCodec}. */
final class QueryCodec {
    private QueryCodec() {}

    static QueryMessages.Query encode(Query<?> query) {
        QueryMessages.Query.Builder m = QueryMessages.Query.newBuilder();
        switch (query) {
            case SystemQuery<?> q -> encode(q, m);
            case BucketQuery<?> q -> encode(q, m);
        }
        return m.build();
    }

    private static void encode(SystemQuery<?> query, QueryMessages.Query.Builder m) {
        switch (query) {
            case GetBucket q -> m.getGetBucketBuilder().setFoldedName(q.foldedName());
            case ListBuckets q -> {
                QueryMessages.ListBuckets.Builder b = m.getListBucketsBuilder()
                        .setPrefix(q.prefix())
                        .setAfter(q.after())
                        .setRegion(q.region())
                        .setLimit(q.limit());
                if (q.owner() != null) {
                    b.setOwner(ValueCodec.encode(q.owner()));
                }
            }
            case GetAccessKey q -> m.getGetAccessKeyBuilder().setAccessKey(q.accessKey());
            case GetAccount q -> m.getGetAccountBuilder().setId(ValueCodec.encode(q.id()));
            case ListAccounts() -> m.getListAccountsBuilder();
            case ListAccessKeys q -> {
                QueryMessages.ListAccessKeys.Builder b = m.getListAccessKeysBuilder();
                if (q.account() != null) {
                    b.setAccount(ValueCodec.encode(q.account()));
                }
            }
            case GetClusterMap() -> m.getGetClusterMapBuilder();
            case GetClusterId() -> m.getGetClusterIdBuilder();
            case GetMemberMarks q ->
                m.getGetMemberMarksBuilder().setVolume(q.volume().value()).setIndex(q.index());
            case ListTokens() -> m.getListTokensBuilder();
            case SystemQuery.ListPurges() -> m.getListPurgesBuilder();
            case GetDocument q -> m.getGetDocumentBuilder().setName(q.name());
            case GetBucketDocument q ->
                m.getGetBucketDocumentBuilder().setBucket(q.bucket().value()).setKind(SettingsCodec.encode(q.kind()));
        }
    }

    private static void encode(BucketQuery<?> query, QueryMessages.Query.Builder m) {
        switch (query) {
            case GetObject q ->
                m.getGetObjectBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setKey(q.key())
                        .setVersion(ValueCodec.encode(q.version()))
                        .setWindow(window(q.window()));
            case ReadRuns q ->
                m.getReadRunsBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setKey(q.key())
                        .setVersion(q.version().sequence())
                        .setOffset(q.offset())
                        .setLength(q.length());
            case ListObjects q ->
                m.getListObjectsBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setPrefix(q.prefix())
                        .setDelimiter(q.delimiter())
                        .setAfter(q.after())
                        .setLimit(q.limit());
            case ListVersions q -> {
                QueryMessages.ListVersions.Builder b = m.getListVersionsBuilder()
                        .setAttributes(q.attributes())
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setPrefix(q.prefix())
                        .setDelimiter(q.delimiter())
                        .setAfter(q.after())
                        .setLimit(q.limit());
                if (q.afterVersion() != null) {
                    b.setAfterVersion(ValueCodec.encode(q.afterVersion()));
                }
            }
            case ListUploads q -> {
                QueryMessages.ListUploads.Builder b = m.getListUploadsBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setPrefix(q.prefix())
                        .setDelimiter(q.delimiter())
                        .setAfter(q.after())
                        .setLimit(q.limit());
                if (q.afterUpload() != null) {
                    b.setAfterUpload(ValueCodec.encode(q.afterUpload()));
                }
            }
            case GetUpload q ->
                m.getGetUploadBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setKey(q.key())
                        .setUpload(ValueCodec.encode(q.upload()));
            case ListParts q ->
                m.getListPartsBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setKey(q.key())
                        .setUpload(ValueCodec.encode(q.upload()))
                        .setAfter(q.after())
                        .setLimit(q.limit());
            case ListObjectParts q ->
                m.getListObjectPartsBuilder()
                        .setPartition(ValueCodec.encode(q.partition()))
                        .setKey(q.key())
                        .setVersion(ValueCodec.encode(q.version()))
                        .setAfter(q.after())
                        .setLimit(q.limit());
            case FindUnreferenced q ->
                m.getFindUnreferencedBuilder().addAllExtents(map(q.extents(), ValueCodec::encode));
            case DueExtents q ->
                m.getDueExtentsBuilder().setNowMillis(q.nowMillis()).setLimit(q.limit());
            case GetUsage q -> m.getGetUsageBuilder().setPartition(ValueCodec.encode(q.partition()));
            case BucketQuery.FindSeals q -> m.setFindSeals(SealCodec.encode(q));
        }
    }

    private static QueryMessages.Window window(Window window) {
        QueryMessages.Window.Builder m = QueryMessages.Window.newBuilder();
        return switch (window) {
            case Window.None() -> m.setNone(true).build();
            case Window.Range(long offset, long length) ->
                m.setRange(QueryMessages.Window.Range.newBuilder()
                                .setOffset(offset)
                                .setLength(length))
                        .build();
            case Window.Suffix(long length) -> m.setSuffix(length).build();
            case Window.Part(int number) -> m.setPart(number).build();
        };
    }

    static Query<?> decode(QueryMessages.Query m) {
        return switch (m.getQueryCase()) {
            case GET_BUCKET -> new GetBucket(m.getGetBucket().getFoldedName());
            case LIST_BUCKETS -> {
                QueryMessages.ListBuckets q = m.getListBuckets();
                yield new ListBuckets(
                        q.hasOwner() ? account(q.getOwner()) : null,
                        q.getPrefix(),
                        q.getAfter(),
                        q.getRegion(),
                        q.getLimit());
            }
            case GET_ACCESS_KEY -> new GetAccessKey(m.getGetAccessKey().getAccessKey());
            case GET_ACCOUNT -> new GetAccount(account(m.getGetAccount().getId()));
            case LIST_ACCOUNTS -> new ListAccounts();
            case LIST_ACCESS_KEYS ->
                new ListAccessKeys(
                        m.getListAccessKeys().hasAccount()
                                ? account(m.getListAccessKeys().getAccount())
                                : null);
            case GET_CLUSTER_MAP -> new GetClusterMap();
            case GET_CLUSTER_ID -> new GetClusterId();
            case GET_MEMBER_MARKS ->
                new GetMemberMarks(
                        new VolumeId(m.getGetMemberMarks().getVolume()),
                        m.getGetMemberMarks().getIndex());
            case LIST_TOKENS -> new ListTokens();
            case LIST_PURGES -> new SystemQuery.ListPurges();
            case GET_DOCUMENT -> new GetDocument(m.getGetDocument().getName());
            case GET_BUCKET_DOCUMENT ->
                new GetBucketDocument(
                        new BucketId(m.getGetBucketDocument().getBucket()),
                        SettingsCodec.decode(m.getGetBucketDocument().getKind()));
            case GET_OBJECT -> {
                QueryMessages.GetObject q = m.getGetObject();
                yield new GetObject(
                        ValueCodec.decode(q.getPartition()),
                        q.getKey(),
                        ValueCodec.decode(q.getVersion()),
                        window(q.getWindow()));
            }
            case READ_RUNS -> {
                QueryMessages.ReadRuns q = m.getReadRuns();
                yield new ReadRuns(
                        ValueCodec.decode(q.getPartition()),
                        q.getKey(),
                        new VersionId(q.getVersion()),
                        q.getOffset(),
                        q.getLength());
            }
            case LIST_OBJECTS -> {
                QueryMessages.ListObjects q = m.getListObjects();
                yield new ListObjects(
                        ValueCodec.decode(q.getPartition()),
                        q.getPrefix(),
                        q.getDelimiter(),
                        q.getAfter(),
                        q.getLimit());
            }
            case LIST_VERSIONS -> {
                QueryMessages.ListVersions q = m.getListVersions();
                yield new ListVersions(
                        ValueCodec.decode(q.getPartition()),
                        q.getPrefix(),
                        q.getDelimiter(),
                        q.getAfter(),
                        q.hasAfterVersion() ? ValueCodec.decode(q.getAfterVersion()) : null,
                        q.getLimit(),
                        q.getAttributes());
            }
            case LIST_UPLOADS -> {
                QueryMessages.ListUploads q = m.getListUploads();
                yield new ListUploads(
                        ValueCodec.decode(q.getPartition()),
                        q.getPrefix(),
                        q.getDelimiter(),
                        q.getAfter(),
                        q.hasAfterUpload() ? upload(q.getAfterUpload()) : null,
                        q.getLimit());
            }
            case GET_UPLOAD -> {
                QueryMessages.GetUpload q = m.getGetUpload();
                yield new GetUpload(ValueCodec.decode(q.getPartition()), q.getKey(), upload(q.getUpload()));
            }
            case LIST_PARTS -> {
                QueryMessages.ListParts q = m.getListParts();
                yield new ListParts(
                        ValueCodec.decode(q.getPartition()),
                        q.getKey(),
                        upload(q.getUpload()),
                        q.getAfter(),
                        q.getLimit());
            }
            case LIST_OBJECT_PARTS -> {
                QueryMessages.ListObjectParts q = m.getListObjectParts();
                yield new ListObjectParts(
                        ValueCodec.decode(q.getPartition()),
                        q.getKey(),
                        ValueCodec.decode(q.getVersion()),
                        q.getAfter(),
                        q.getLimit());
            }
            case FIND_UNREFERENCED ->
                new FindUnreferenced(map(m.getFindUnreferenced().getExtentsList(), ValueCodec::extent));
            case DUE_EXTENTS ->
                new DueExtents(
                        m.getDueExtents().getNowMillis(), m.getDueExtents().getLimit());
            case GET_USAGE -> new GetUsage(ValueCodec.decode(m.getGetUsage().getPartition()));
            case FIND_SEALS -> SealCodec.decode(m.getFindSeals());
            case QUERY_NOT_SET -> throw new IllegalArgumentException("an unknown or empty query");
        };
    }

    private static Window window(QueryMessages.Window m) {
        return switch (m.getWindowCase()) {
            case NONE -> Window.NONE;
            case RANGE ->
                new Window.Range(m.getRange().getOffset(), m.getRange().getLength());
            case SUFFIX -> new Window.Suffix(m.getSuffix());
            case PART -> new Window.Part(m.getPart());
            case WINDOW_NOT_SET -> throw new IllegalArgumentException("an empty window");
        };
    }
}
