package io.coffer.deploy.node;

import io.coffer.common.config.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where a process listens for the others.
 *
 * @param address {@code HOST:PORT} to bind; host {@code 0.0.0.0} for every address of the machine
 * @param advertise the name or address under which the others reach it; empty for the bound one, or this machine's name when it is bound
 *     to all
 */
public record Listen(HostPort address, String advertise) {
    public Listen {
        // An IPv6 address has more than one.
        if (advertise.indexOf(':') >= 0 && advertise.indexOf(':') == advertise.lastIndexOf(':')) {
            throw new IllegalArgumentException("advertise names a host, without a port: '" + advertise + "'");
        }
    }

    /** What the others connect to. */
    HostPort reachedAt() throws UnknownHostException {
        if (!advertise.isEmpty()) {
            return new HostPort(advertise, address.port());
        }
        return isWildcard() ? new HostPort(InetAddress.getLocalHost().getHostName(), address.port()) : address;
    }

    private boolean isWildcard() {
        return address.host().equals("0.0.0.0") || address.host().equals("::");
    }
}
