package io.coffer.deploy.bench;

import java.net.URI;

/** Where an S3 service is. */
record Endpoint(String host, int port, boolean secure) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** @param url {@code http://host[:port]} or {@code https://host[:port]} */
    static Endpoint parse(String url) {
        URI uri = URI.create(url);
        boolean secure = "https".equals(uri.getScheme());
        if (uri.getHost() == null
                || !secure && !"http".equals(uri.getScheme())
                || !uri.getRawPath().matches("/?")) {
            throw new IllegalArgumentException("'" + url + "' is not an endpoint such as http://127.0.0.1:9000");
        }
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
        return new Endpoint(uri.getHost(), port, secure);
    }

    /** What goes into the Host header. */
    String authority() {
        return port == (secure ? HTTPS_PORT : HTTP_PORT) ? host : host + ":" + port;
    }
}
