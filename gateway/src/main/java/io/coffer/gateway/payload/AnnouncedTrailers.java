package io.coffer.gateway.payload;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names in {@code x-amz-trailer}.
 *
 * @param names in lower case; each is a checksum's
 */
record AnnouncedTrailers(Set<String> names) {
    static final String HEADER = "x-amz-trailer";
    static final AnnouncedTrailers NONE = new AnnouncedTrailers(Set.of());

    AnnouncedTrailers {
        names = Set.copyOf(names);
    }

    static AnnouncedTrailers from(Headers headers) throws S3Exception {
        if (!headers.contains(HEADER)) {
            return NONE;
        }
        Set<String> names = new TreeSet<>();
        for (String line : headers.all(HEADER)) {
            for (String part : line.split(",", -1)) {
                String name = part.strip().toLowerCase(Locale.ROOT);
                if (name.isEmpty()) {
                    continue;
                }
                if (ChecksumAlgorithm.byHeader(name).isEmpty()) {
                    throw new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "The value specified in the x-amz-trailer header is not supported");
                }
                names.add(name);
            }
        }
        return new AnnouncedTrailers(names);
    }
}
