package io.coffer.it.store;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A response as it was on the wire.
 *
 * @param headers names in lower case
 */
public record RawResponse(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    static RawResponse read(InputStream in, String method) throws IOException {
        while (true) {
            String[] first = line(in).split(" ", 3);
            int status = Integer.parseInt(first[1]);
            List<Map.Entry<String, String>> headers = new ArrayList<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                int colon = line.indexOf(':');
                headers.add(Map.entry(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip()));
            }
            if (status == 100) {
                continue;
            }
            RawResponse head = new RawResponse(status, headers, new byte[0]);
            boolean empty = method.equals("HEAD") || status == 204 || status == 304;
            return empty ? head : new RawResponse(status, headers, body(in, head));
        }
    }

    private static byte[] body(InputStream in, RawResponse head) throws IOException {
        String length = head.header("content-length");
        if (length != null) {
            byte[] body = in.readNBytes(Integer.parseInt(length));
            if (body.length != Integer.parseInt(length)) {
                throw new EOFException("the body broke off");
            }
            return body;
        }
        if (!"chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
            return in.readAllBytes();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!line(in).isEmpty()) {}
                return body.toByteArray();
            }
            body.write(in.readNBytes(size));
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after \"" + line + "\"");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** The value of the only header of that name; null when there is none. */
    public @Nullable String header(String name) {
        List<String> values = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
        if (values.size() > 1) {
            throw new AssertionError(name + " is there " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The text of the first element of that name, unescaped; null when there is none. */
    public @Nullable String element(String name) {
        List<String> all = elements(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    /** The texts of all elements of that name. */
    public List<String> elements(String name) {
        Matcher matcher = Pattern.compile("<" + name + "(?: [^>]*)?(?:/>|>([^<]*)</" + name + ">)")
                .matcher(text());
        List<String> texts = new ArrayList<>();
        while (matcher.find()) {
            String text = matcher.group(1) == null ? "" : matcher.group(1);
            texts.add(text.replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&"));
        }
        return texts;
    }

    /** The code of an error document; empty for anything else. */
    public String code() {
        String code = text().contains("<Error>") ? element("Code") : null;
        return code == null ? "" : code;
    }

    @Override
    public String toString() {
        return status + " " + headers + "\n" + text();
    }
}
