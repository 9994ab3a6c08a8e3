package io.coffer.gateway.payload;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Md5;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the client says its body's digests are: Content-MD5, and one checksum in a header or in the trailer.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html">S3: checking
 *     object integrity</a>
 */
public final class ExpectedDigests {
    private static final String CHECKSUM_PREFIX = "x-amz-checksum-";
    private static final String SDK_ALGORITHM = "x-amz-sdk-checksum-algorithm";

    /** Headers with the prefix of a checksum that aren't one. */
    private static final Set<String> NOT_CHECKSUMS =
            Set.of(CHECKSUM_PREFIX + "algorithm", CHECKSUM_PREFIX + "type", CHECKSUM_PREFIX + "mode");

    private final byte @Nullable [] md5;
    private final @Nullable ChecksumAlgorithm algorithm;

    /** Null when the value comes in the trailer. */
    private final byte @Nullable [] checksum;

    private ExpectedDigests(byte @Nullable [] md5, @Nullable ChecksumAlgorithm algorithm, byte @Nullable [] checksum) {
        this.md5 = md5;
        this.algorithm = algorithm;
        this.checksum = checksum;
    }

    /** @throws S3Exception InvalidDigest or InvalidRequest: what the client says can't be true of any body */
    public static ExpectedDigests from(Headers headers) throws S3Exception {
        byte[] md5 = contentMd5(headers);
        Header named = checksumHeader(headers);
        ChecksumAlgorithm fromHeader = named == null ? null : algorithmOf(named.name());
        ChecksumAlgorithm fromTrailer = trailerAlgorithm(headers);
        if (fromHeader != null && fromTrailer != null) {
            throw severalChecksums();
        }
        ChecksumAlgorithm algorithm = fromHeader != null ? fromHeader : fromTrailer;
        checkSdkAlgorithm(headers, algorithm);
        byte[] checksum = null;
        if (named != null && algorithm != null) {
            checksum = algorithm.decode(named.value()).orElse(null);
            if (checksum == null) {
                throw invalidValue(algorithm.headerName() + " header");
            }
        }
        return new ExpectedDigests(md5, algorithm, checksum);
    }

    private static byte @Nullable [] contentMd5(Headers headers) throws S3Exception {
        String value = headers.first("content-md5");
        if (value == null) {
            return null;
        }
        try {
            byte[] md5 = Base64.getDecoder().decode(value);
            if (md5.length == Md5.DIGEST_BYTES) {
                return md5;
            }
        } catch (IllegalArgumentException e) {
            // refused below, as is a wrong length
        }
        throw new S3Exception(S3Error.INVALID_DIGEST).with("Content-MD5", value);
    }

    private static @Nullable Header checksumHeader(Headers headers) throws S3Exception {
        Header found = null;
        for (Header header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(CHECKSUM_PREFIX) && !NOT_CHECKSUMS.contains(name)) {
                if (found != null) {
                    throw severalChecksums();
                }
                found = header;
            }
        }
        return found;
    }

    private static ChecksumAlgorithm algorithmOf(String headerName) throws S3Exception {
        return ChecksumAlgorithm.byHeader(headerName)
                .orElseThrow(() -> new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The algorithm type you specified in x-amz-checksum- header is invalid."));
    }

    private static @Nullable ChecksumAlgorithm trailerAlgorithm(Headers headers) throws S3Exception {
        Set<String> names = AnnouncedTrailers.from(headers).names();
        if (names.size() > 1) {
            throw severalChecksums();
        }
        return names.isEmpty() ? null : algorithmOf(names.iterator().next());
    }

    private static void checkSdkAlgorithm(Headers headers, @Nullable ChecksumAlgorithm algorithm) throws S3Exception {
        String name = headers.first(SDK_ALGORITHM);
        if (name == null) {
            return;
        }
        Optional<ChecksumAlgorithm> announced = ChecksumAlgorithm.byName(name);
        if (announced.isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                            + Arrays.toString(ChecksumAlgorithm.values()));
        }
        if (algorithm == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers"
                            + " were found.");
        }
        if (announced.get() != algorithm) {
            throw invalidValue(SDK_ALGORITHM + " header");
        }
    }

    /** The checksum that the client named, in a header or for the trailer. */
    public Optional<ChecksumAlgorithm> algorithm() {
        return Optional.ofNullable(algorithm);
    }

    /** Whether the client promised anything at all; some operations insist. */
    public boolean any() {
        return md5 != null || algorithm != null;
    }

    /**
     * Digests that {@link #verify} can judge by, and {@code more} that the caller wants.
     *
     * @param bytes about how many will come
     * @param withMd5 whether the caller wants the MD5: otherwise it is left away, unless the client said what it is
     */
    public BodyDigests digestsWith(long bytes, boolean withMd5, ChecksumAlgorithm... more) {
        Set<ChecksumAlgorithm> algorithms = EnumSet.noneOf(ChecksumAlgorithm.class);
        algorithms.addAll(Arrays.asList(more));
        if (algorithm != null) {
            algorithms.add(algorithm);
        }
        return new BodyDigests(bytes, withMd5 || md5 != null, algorithms);
    }

    /**
     * Compares with what came; call after {@code body} has been read to its end.
     *
     * @param digests made by {@link #digestsWith}
     *
     * @throws S3Exception BadDigest, or InvalidRequest or MalformedTrailerError for a trailer that is none
     */
    public void verify(BodyDigests digests, ObjectBody body) throws S3Exception {
        if (md5 != null && !MessageDigest.isEqual(md5, digests.md5())) {
            throw new S3Exception(S3Error.BAD_DIGEST, "The Content-MD5 you specified did not match what we received.")
                    .with("CalculatedDigest", digests.md5Base64())
                    .with("ExpectedDigest", HexFormat.of().formatHex(md5));
        }
        if (algorithm == null) {
            return;
        }
        byte[] expected = checksum == null ? fromTrailer(algorithm, body) : checksum;
        byte[] computed = digests.checksum(algorithm)
                .orElseThrow(() -> new IllegalArgumentException("the digests lack what was promised"));
        if (!MessageDigest.isEqual(expected, computed)) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + algorithm.name() + " you specified did not match the calculated checksum.");
        }
    }

    private static byte[] fromTrailer(ChecksumAlgorithm algorithm, ObjectBody body) throws S3Exception {
        String value = body.trailer(algorithm.headerName());
        if (value == null) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        Optional<byte[]> digest = algorithm.decode(value);
        if (digest.isEmpty()) {
            throw invalidValue(algorithm.headerName() + " trailing header");
        }
        return digest.get();
    }

    private static S3Exception severalChecksums() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }

    private static S3Exception invalidValue(String where) {
        return new S3Exception(S3Error.INVALID_REQUEST, "Value for " + where + " is invalid.");
    }
}
