package io.coffer.gateway.s3;

import io.coffer.gateway.access.acl.AclMode;
import java.time.Duration;
import java.util.List;

/**
 * How the S3 endpoint behaves.
 *
 * @param baseDomains host names under which {@code bucket.} names a bucket; every other host means path style
 * @param serverName the Server header; some clients look at it
 * @param maxInFlight requests worked on at once; the next one is told SlowDown
 * @param slowInterval how long a document may take to be made before white space is sent to keep the client waiting, and between two
 *     such
 * @param acls the access control lists that there can be
 * @param systemFiles whether every bucket has the files in which backup software looks for what the store can do
 */
public record S3Settings(
        List<String> baseDomains,
        String serverName,
        int maxInFlight,
        Duration slowInterval,
        AclMode acls,
        boolean systemFiles) {
    /** Half the least time-out that stock clients have is 15 s; each request in flight holds at most one body buffer of 1 MiB. */
    public static final S3Settings DEFAULT =
            new S3Settings(List.of(), "Coffer", 2048, Duration.ofSeconds(10), AclMode.FULL, false);

    public S3Settings {
        baseDomains = List.copyOf(baseDomains);
    }

    public S3Settings withBaseDomains(List<String> domains) {
        return new S3Settings(domains, serverName, maxInFlight, slowInterval, acls, systemFiles);
    }

    public S3Settings withServerName(String name) {
        return new S3Settings(baseDomains, name, maxInFlight, slowInterval, acls, systemFiles);
    }

    public S3Settings withMaxInFlight(int requests) {
        return new S3Settings(baseDomains, serverName, requests, slowInterval, acls, systemFiles);
    }

    public S3Settings withSlowInterval(Duration interval) {
        return new S3Settings(baseDomains, serverName, maxInFlight, interval, acls, systemFiles);
    }

    public S3Settings withAcls(AclMode mode) {
        return new S3Settings(baseDomains, serverName, maxInFlight, slowInterval, mode, systemFiles);
    }

    public S3Settings withSystemFiles(boolean offered) {
        return new S3Settings(baseDomains, serverName, maxInFlight, slowInterval, acls, offered);
    }
}
