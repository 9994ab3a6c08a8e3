package io.coffer.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a head says about where its body ends and what becomes of the connection. On any doubt the request is refused: two
 * servers that find different ends see different requests.
 */
final class HeadFraming {
    private static final int MAX_LENGTH_DIGITS = 18;

    private HeadFraming() {}

    static ParsedHead of(String method, String target, int minorVersion, Headers headers) throws HttpFaultException {
        boolean chunked = isChunked(headers, minorVersion);
        long length = chunked ? -1 : contentLength(headers);
        if (chunked && headers.contains("content-length")) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        requireHost(headers, minorVersion);
        return new ParsedHead(
                method,
                originForm(method, target, headers),
                minorVersion,
                headers,
                length,
                keepAlive(headers, minorVersion),
                expectContinue(headers, minorVersion));
    }

    private static boolean isChunked(Headers headers, int minorVersion) throws HttpFaultException {
        List<String> codings = headers.all("transfer-encoding");
        if (codings.isEmpty()) {
            return false;
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked") || minorVersion == 0) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        return true;
    }

    private static long contentLength(Headers headers) throws HttpFaultException {
        List<String> lengths = headers.all("content-length");
        if (lengths.isEmpty()) {
            return 0;
        }
        String length = lengths.getFirst();
        if (lengths.size() > 1 || length.isEmpty() || length.length() > MAX_LENGTH_DIGITS) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        long value = 0;
        for (int i = 0; i < length.length(); i++) {
            char digit = length.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new HttpFaultException(HttpFault.MALFORMED);
            }
            value = 10 * value + (digit - '0');
        }
        return value;
    }

    private static void requireHost(Headers headers, int minorVersion) throws HttpFaultException {
        int hosts = headers.all("host").size();
        if (hosts > 1 || hosts == 0 && minorVersion > 0) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
    }

    /** {@code http://host/path} becomes {@code /path} if the host is the one in Host. */
    private static String originForm(String method, String target, Headers headers) throws HttpFaultException {
        if (target.startsWith("/")) {
            return target;
        }
        int scheme = target.indexOf("://");
        String name = scheme < 0 ? "" : target.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https") || method.equals("CONNECT")) {
            throw new HttpFaultException(HttpFault.MALFORMED_TARGET);
        }
        int start = scheme + 3;
        int end = start;
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        String authority = target.substring(start, end);
        String host = headers.first("host");
        if (authority.isEmpty() || host != null && !host.equalsIgnoreCase(authority)) {
            throw new HttpFaultException(HttpFault.MALFORMED);
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : '/' + rest;
    }

    private static boolean keepAlive(Headers headers, int minorVersion) {
        boolean keepAlive = minorVersion > 0;
        for (String option : connectionOptions(headers)) {
            if (option.equals("close")) {
                return false;
            }
            keepAlive |= option.equals("keep-alive");
        }
        return keepAlive;
    }

    private static List<String> connectionOptions(Headers headers) {
        List<String> options = new ArrayList<>(1);
        for (String line : headers.all("connection")) {
            for (String option : line.split(",")) {
                options.add(option.strip().toLowerCase(Locale.ROOT));
            }
        }
        return options;
    }

    /** Other expectations than this one mean nothing, and S3 answers such requests as if they had none. */
    private static boolean expectContinue(Headers headers, int minorVersion) {
        return minorVersion > 0 && headers.all("expect").stream().anyMatch("100-continue"::equalsIgnoreCase);
    }
}
