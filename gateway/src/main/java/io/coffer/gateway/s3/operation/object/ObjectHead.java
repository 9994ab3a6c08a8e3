package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.header.ContentHeaders;
import io.coffer.gateway.s3.header.HttpDate;
import io.coffer.gateway.s3.header.VersionIds;
import java.util.Map;

/** The headers that say what a version is. */
final class ObjectHead {
    private static final long MILLIS_PER_SECOND = 1000;

    private ObjectHead() {}

    /**
     * All of them, for GetObject and HeadObject.
     *
     * @param shown what the client may know of the version's attributes
     */
    static void write(
            Bucket bucket,
            ObjectVersion version,
            ObjectAttributes shown,
            Map<String, String> overrides,
            Headers.Builder response) {
        lastModified(version, response);
        response.add("ETag", quoted(version.etag()));
        response.add("Accept-Ranges", "bytes");
        versionId(bucket, version, response);
        ContentHeaders.write(shown, overrides, response);
    }

    /** Those of a 304: what a cache needs to go on with what it has. */
    static Headers notModified(Bucket bucket, ObjectVersion version) {
        Headers.Builder response = new Headers.Builder();
        lastModified(version, response);
        response.add("ETag", quoted(version.etag()));
        versionId(bucket, version, response);
        Map<String, String> stored = version.attributes().headers();
        return response.addIfPresent("Cache-Control", stored.get("cache-control"))
                .addIfPresent("Expires", stored.get("expires"))
                .build();
    }

    static void lastModified(ObjectVersion version, Headers.Builder response) {
        response.add("Last-Modified", HttpDate.format(version.modifiedMillis() / MILLIS_PER_SECOND));
    }

    static void versionId(Bucket bucket, ObjectVersion version, Headers.Builder response) {
        VersionIds.write(bucket, version.version(), version.nullVersion(), response);
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }
}
