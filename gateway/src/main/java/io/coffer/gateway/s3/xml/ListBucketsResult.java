package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.Bucket;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of ListBuckets.
 *
 * @param owner the asking account's canonical id
 * @param prefix as it was asked for; null when it wasn't
 * @param continuationToken null on the last page
 */
public record ListBucketsResult(
        String owner,
        List<Bucket> buckets,
        @Nullable String prefix,
        @Nullable String continuationToken) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        xml.root("ListAllMyBucketsResult");
        xml.open("Owner").element("ID", owner).close("Owner");
        xml.open("Buckets");
        for (Bucket bucket : buckets) {
            xml.open("Bucket")
                    .element("Name", bucket.name())
                    .timestamp("CreationDate", bucket.createdMillis())
                    .element("BucketRegion", bucket.region())
                    .element("BucketArn", "arn:aws:s3:::" + bucket.name())
                    .close("Bucket");
        }
        xml.close("Buckets");
        xml.elementIfPresent("Prefix", prefix);
        xml.elementIfPresent("ContinuationToken", continuationToken);
        return xml.close("ListAllMyBucketsResult").document();
    }
}
