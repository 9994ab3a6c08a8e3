package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.UploadIds;
import io.coffer.gateway.s3.xml.ListUploadsResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists a bucket's uploads in progress, by key, then by initiation. */
public final class ListMultipartUploads implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListMultipartUploads",
            Route.of("GET", Route.Kind.BUCKET, "uploads"),
            Set.of("s3:ListBucketMultipartUploads"),
            BodyPolicy.NONE);

    private static final String ID_MARKER = "upload-id-marker";

    private final MetadataService metadata;
    private final Buckets buckets;
    private final BucketLister lister;

    public ListMultipartUploads(MetadataService metadata, Buckets buckets, BucketLister lister) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lister = lister;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String prefix = ListParameters.text(request, "prefix");
        String delimiter = ListParameters.delimiter(request);
        boolean urlEncoded = ListParameters.urlEncoded(request);
        int limit = ListParameters.limit(request, "max-uploads");
        String keyMarker = ListParameters.text(request, "key-marker");
        // Without a key marker, Amazon takes no notice of an id marker.
        String idMarker = keyMarker.isEmpty() ? "" : ListParameters.text(request, ID_MARKER);
        UploadId after = idMarker.isEmpty()
                ? null
                : UploadIds.parse(idMarker)
                        .orElseThrow(() -> ListParameters.invalid(ID_MARKER, idMarker, "Invalid uploadId marker"));
        Bucket bucket = buckets.of(request);
        BucketLister.Page<Upload> page = limit == 0
                ? new BucketLister.Page<>(List.of(), false)
                : lister.uploads(bucket, prefix, delimiter == null ? "" : delimiter, keyMarker, after, limit);

        String nextKey = "";
        String nextId = "";
        if (!page.entries().isEmpty()) {
            switch (page.entries().getLast()) {
                case Entry.Item<Upload>(Upload upload) -> {
                    nextKey = upload.key();
                    nextId = upload.id().toString();
                }
                case Entry.CommonPrefix<Upload>(String common) -> nextKey = common;
            }
        }
        Owners owners = new Owners(metadata, request.identity(), people(page.entries()));
        return S3Response.xml(
                200,
                Headers.EMPTY,
                new ListUploadsResult(
                                request.bucket(),
                                prefix,
                                delimiter,
                                keyMarker,
                                idMarker,
                                nextKey,
                                nextId,
                                limit,
                                urlEncoded,
                                page.truncated(),
                                page.entries(),
                                owners::account)
                        .toXml());
    }

    private static Set<AccountId> people(List<Entry<Upload>> entries) {
        Set<AccountId> people = new HashSet<>();
        for (Entry<Upload> entry : entries) {
            if (entry instanceof Entry.Item<Upload>(Upload upload)) {
                people.add(upload.initiator());
                people.add(upload.owner());
            }
        }
        return people;
    }
}
