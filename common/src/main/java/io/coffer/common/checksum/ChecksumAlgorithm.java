package io.coffer.common.checksum;

import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The checksums of S3's {@code x-amz-checksum-*} headers. MD5, which is Content-MD5 and the ETag, is {@link Md5}. */
public enum ChecksumAlgorithm {
    CRC32(4, true, true),
    CRC32C(4, true, true),
    CRC64NVME(8, true, false),
    SHA1(20, false, true),
    SHA256(32, false, true);

    /** What an object gets whose client names none. */
    public static final ChecksumAlgorithm DEFAULT = CRC64NVME;

    private final int digestBytes;
    private final boolean fullObject;
    private final boolean composite;
    private final String headerName = "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);

    ChecksumAlgorithm(int digestBytes, boolean fullObject, boolean composite) {
        this.digestBytes = digestBytes;
        this.fullObject = fullObject;
        this.composite = composite;
    }

    /** By the value of {@code x-amz-checksum-algorithm}, in any case. */
    public static Optional<ChecksumAlgorithm> byName(String name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.name().equalsIgnoreCase(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** By the name of the header that carries it, in any case. */
    public static Optional<ChecksumAlgorithm> byHeader(String headerName) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.headerName.equalsIgnoreCase(headerName)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** The header, or trailer, that carries the value; lower case. */
    public String headerName() {
        return headerName;
    }

    public int digestBytes() {
        return digestBytes;
    }

    /** Whether a multipart object can have one over all its bytes; then {@link CrcCombine} makes it from the parts'. */
    public boolean supportsFullObject() {
        return fullObject;
    }

    /** Whether a multipart object can have one over its parts' checksums. */
    public boolean supportsComposite() {
        return composite;
    }

    public Checksummer newChecksummer() {
        return switch (this) {
            case CRC32 -> new JdkCrc(new CRC32());
            case CRC32C -> new JdkCrc(new CRC32C());
            case CRC64NVME -> new Crc64Nvme();
            case SHA1 -> JdkDigest.of("SHA-1");
            case SHA256 -> JdkDigest.of("SHA-256");
        };
    }

    /** The checksum as headers carry it. */
    public String encode(byte[] digest) {
        if (digest.length != digestBytes) {
            throw new IllegalArgumentException(name() + " has " + digestBytes + " bytes, not " + digest.length);
        }
        return Base64.getEncoder().encodeToString(digest);
    }

    /** The checksum of a header's value; empty when it isn't the base64 of as many bytes as there must be. */
    public Optional<byte[]> decode(String base64) {
        if (base64.length() != Math.ceilDiv(digestBytes, 3) * 4) {
            return Optional.empty();
        }
        try {
            byte[] digest = Base64.getDecoder().decode(base64);
            return digest.length == digestBytes ? Optional.of(digest) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
