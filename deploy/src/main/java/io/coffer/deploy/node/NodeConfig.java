package io.coffer.deploy.node;

import io.coffer.common.config.HostPort;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who a process is and how it finds its cluster.
 *
 * @param name what people call it; unique in the cluster
 * @param location failure-domain path {@code site/rack/host}; processes of one host share it
 * @param directory where its identity is kept, and a metaserver's metadata
 * @param metaservers addresses of some of the cluster's metaservers, to begin with
 * @param token with which it joins, at its first start
 * @param tokenFile a file that holds the token instead
 */
public record NodeConfig(
        String name, String location, String directory, List<HostPort> metaservers, String token, String tokenFile) {
    /** What fits into host names, labels of metrics and file names. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,62}");

    private static final Pattern LOCATION = Pattern.compile("[A-Za-z0-9._-]{1,63}(/[A-Za-z0-9._-]{1,63}){2}");

    public NodeConfig() {
        this("node", "site/rack/host", "data", List.of(new HostPort("127.0.0.1", 9100)), "", "");
    }

    public NodeConfig {
        metaservers = List.copyOf(metaservers);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must have 1 to 63 letters, digits, '.' or '-': '" + name + "'");
        }
        if (!LOCATION.matcher(location).matches()) {
            throw new IllegalArgumentException("location must be site/rack/host: '" + location + "'");
        }
        if (metaservers.isEmpty()) {
            throw new IllegalArgumentException("metaservers must name one");
        }
        if (!token.isEmpty() && !tokenFile.isEmpty()) {
            throw new IllegalArgumentException("give token or token-file, not both");
        }
    }
}
