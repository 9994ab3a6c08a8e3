package io.coffer.gateway.s3.operation;

import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.placement.UsableSpace;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.HttpDate;
import io.coffer.gateway.s3.xml.CapacityInfo;
import io.coffer.gateway.s3.xml.SystemInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Two files that backup software looks for in every bucket to learn what the store can do and how much room it has: Veeam's Smart Object
 * Storage API. They are made when they are read, by whoever may read such an object; they can't be written, and no listing has them.
 * Thread-safe.
 */
public final class SystemFiles {
    private static final String FOLDER = ".system-d26a9498-cb7c-4a87-a44a-8ae204f5ba6c/";
    private static final String SYSTEM = FOLDER + "system.xml";
    private static final String CAPACITY = FOLDER + "capacity.xml";
    private static final String MODEL = "Coffer";
    private static final int MILLIS_PER_SECOND = 1000;

    private final Buckets buckets;
    private final Space space;

    /** The room that there is for objects of a bucket. */
    @FunctionalInterface
    public interface Space {
        UsableSpace of(Bucket bucket) throws S3Exception;
    }

    public SystemFiles(Buckets buckets, Space space) {
        this.buckets = buckets;
        this.space = space;
    }

    /** The operation as it is where every bucket has these files. */
    public Operation around(Operation operation) {
        return new Operation() {
            @Override
            public OperationSpec spec() {
                return operation.spec();
            }

            @Override
            public S3Response handle(S3Request request) throws S3Exception, IOException {
                S3Response answer = answer(spec().name(), request);
                return answer == null ? operation.handle(request) : answer;
            }
        };
    }

    /** Null for what isn't about these files, or asks for what they haven't. */
    private @Nullable S3Response answer(String operation, S3Request request) throws S3Exception {
        if (!(request.target() instanceof Target.ObjectTarget(String _, String key)) || !key.startsWith(FOLDER)) {
            return null;
        }
        if (!key.equals(SYSTEM) && !key.equals(CAPACITY)) {
            return null;
        }
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                    .with("Method", method)
                    .with("ResourceType", "OBJECT")
                    .withHeader("Allow", "GET, HEAD");
        }
        boolean whole = operation.equals("GetObject") || operation.equals("HeadObject");
        return whole && !request.query().contains("versionId") ? file(key, request) : null;
    }

    private S3Response file(String key, S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        ByteBuffer document = key.equals(SYSTEM) ? new SystemInfo(MODEL).toXml() : capacity(bucket);
        Headers headers = new Headers.Builder()
                .add("Last-Modified", HttpDate.format(request.nowMillis() / MILLIS_PER_SECOND))
                .add("ETag", etag(document))
                .add("Content-Type", "application/xml")
                .build();
        return request.method().equals("HEAD")
                ? new S3Response(200, headers, new S3Response.Content.Length(document.remaining()))
                : S3Response.xml(200, headers, document);
    }

    private ByteBuffer capacity(Bucket bucket) throws S3Exception {
        UsableSpace room = space.of(bucket);
        return new CapacityInfo(room.total(), room.free(), room.used()).toXml();
    }

    private static String etag(ByteBuffer document) {
        Checksummer md5 = Md5.newChecksummer();
        md5.update(document.duplicate());
        return '"' + HexFormat.of().formatHex(md5.digest()) + '"';
    }
}
