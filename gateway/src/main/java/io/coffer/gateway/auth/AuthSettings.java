package io.coffer.gateway.auth;

import java.time.Duration;
import java.util.List;

/**
 * What authentication accepts.
 *
 * @param services service names of the credential scope; the first is named to a client that used another
 * @param sigV2 whether signature version 2 is accepted (profile key {@code sigv2})
 * @param regions the regions of the credential scope; empty accepts any (profile key {@code region.accept}). The first is
 *     named to a client that used another
 * @param maxSkew how far a header-signed request's time may be from ours
 * @param maxPresignedExpiry the longest life of a version 4 link
 * @param maxV2Expiry the longest life of a version 2 link, counted from now because such a link doesn't say when it was made
 */
public record AuthSettings(
        List<String> services,
        boolean sigV2,
        List<String> regions,
        Duration maxSkew,
        Duration maxPresignedExpiry,
        Duration maxV2Expiry) {
    /** Amazon's rules, with any region. */
    public static final AuthSettings DEFAULT = new AuthSettings(
            List.of("s3"), false, List.of(), Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofDays(7));

    public AuthSettings {
        services = List.copyOf(services);
        regions = List.copyOf(regions);
    }

    public AuthSettings withSigV2(boolean accepted) {
        return new AuthSettings(services, accepted, regions, maxSkew, maxPresignedExpiry, maxV2Expiry);
    }

    public AuthSettings withRegions(List<String> accepted) {
        return new AuthSettings(services, sigV2, accepted, maxSkew, maxPresignedExpiry, maxV2Expiry);
    }

    public AuthSettings withServices(List<String> names) {
        return new AuthSettings(names, sigV2, regions, maxSkew, maxPresignedExpiry, maxV2Expiry);
    }
}
