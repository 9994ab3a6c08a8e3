package io.coffer.it.multipart;

import io.coffer.it.store.Store;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** What tests of multipart uploads do often. */
final class Multipart {
    static final int MIN_PART = 5 << 20;

    private Multipart() {}

    static byte[] bytes(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static String create(Store store, String bucket, String key) {
        return store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key(key))
                .uploadId();
    }

    static CompletedPart part(Store store, String bucket, String key, String upload, int number, byte[] bytes) {
        String etag = store.s3()
                .uploadPart(
                        part -> part.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    static void complete(Store store, String bucket, String key, String upload, List<CompletedPart> parts) {
        store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(document -> document.parts(parts)));
    }

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The ETag of an object of these parts, in its quotes. */
    static String etag(byte[]... parts) {
        byte[] digests = new byte[16 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            System.arraycopy(md5(parts[i]), 0, digests, 16 * i, 16);
        }
        return '"' + HexFormat.of().formatHex(md5(digests)) + "-" + parts.length + '"';
    }

    /** The document that completes an upload. */
    static String document(List<CompletedPart> parts) {
        StringBuilder document = new StringBuilder("<CompleteMultipartUpload>");
        parts.forEach(part -> document.append("<Part><PartNumber>")
                .append(part.partNumber())
                .append("</PartNumber><ETag>")
                .append(part.eTag())
                .append("</ETag></Part>"));
        return document.append("</CompleteMultipartUpload>").toString();
    }
}
