package io.coffer.common.checksum;

/** MD5: no protection against anybody, but S3's ETag and Content-MD5. */
public final class Md5 {
    public static final int DIGEST_BYTES = 16;

    private Md5() {}

    public static Checksummer newChecksummer() {
        return JdkDigest.of("MD5");
    }
}
