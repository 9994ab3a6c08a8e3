package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.S3Request;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the three listings of objects ask in the same words. */
record ObjectListing(String prefix, @Nullable String delimiter, boolean urlEncoded, int limit) {

    static ObjectListing of(S3Request request) throws S3Exception {
        return new ObjectListing(
                ListParameters.text(request, "prefix"),
                ListParameters.delimiter(request),
                ListParameters.urlEncoded(request),
                ListParameters.limit(request, "max-keys"));
    }

    /** A page of current objects; one of no entries is never truncated. */
    BucketLister.Page<ObjectVersion> page(BucketLister lister, Bucket bucket, String after) throws S3Exception {
        return limit == 0 ? empty() : lister.objects(bucket, prefix, delimiterOrEmpty(), after, limit);
    }

    static BucketLister.Page<ObjectVersion> empty() {
        return new BucketLister.Page<>(List.of(), false);
    }

    String delimiterOrEmpty() {
        return delimiter == null ? "" : delimiter;
    }

    /** Where the next page begins: behind the last object or prefix. */
    static String last(BucketLister.Page<ObjectVersion> page) {
        return switch (page.entries().getLast()) {
            case Entry.Item<ObjectVersion>(ObjectVersion object) -> object.key();
            case Entry.CommonPrefix<ObjectVersion>(String common) -> common;
        };
    }

    static Set<AccountId> owners(BucketLister.Page<ObjectVersion> page) {
        Set<AccountId> owners = new HashSet<>();
        for (Entry<ObjectVersion> entry : page.entries()) {
            if (entry instanceof Entry.Item<ObjectVersion>(ObjectVersion object)) {
                owners.add(object.owner());
            }
        }
        return owners;
    }
}
