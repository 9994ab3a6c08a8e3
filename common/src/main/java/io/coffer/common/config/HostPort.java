package io.coffer.common.config;

import java.net.InetSocketAddress;

/**
 * Where something listens or is reached: {@code 127.0.0.1:9000}, {@code [::1]:9000}, {@code node-3.rack-1:9100}.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 0 asks for any free one
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    public HostPort {
        if (host.isBlank() || host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
            throw new IllegalArgumentException("'" + host + "' is no host");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(port + " is no port");
        }
    }

    public static HostPort parse(String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
        }
        String host = trimmed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT; an IPv6 address goes into brackets");
        }
        try {
            return new HostPort(host, Integer.parseInt(trimmed.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT", e);
        }
    }

    public HostPort withPort(int newPort) {
        return new HostPort(host, newPort);
    }

    /** Looks the name up. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
