package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From which web sites browsers may use a bucket, and how: the first rule that matches counts.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html">S3: elements of a CORS configuration</a>
 */
public record CorsConfiguration(List<Rule> rules) {
    private static final String ROOT = "CORSConfiguration";
    private static final String RULE = "CORSRule";
    private static final int MAX_RULES = 100;
    private static final int MAX_ID_LENGTH = 255;

    /** Amazon's bound of a whole configuration. */
    private static final int MAX_BYTES = 64 << 10;

    private static final Set<String> ELEMENTS =
            Set.of("ID", "AllowedHeader", "AllowedMethod", "AllowedOrigin", "ExposeHeader", "MaxAgeSeconds");

    /** The methods that a rule may name. */
    public static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");

    public CorsConfiguration {
        rules = List.copyOf(rules);
    }

    /**
     * A rule.
     *
     * @param maxAgeSeconds how long a browser may remember a preflight's answer; null when it isn't told
     */
    public record Rule(
            @Nullable String id,
            List<String> allowedHeaders,
            List<String> allowedMethods,
            List<String> allowedOrigins,
            List<String> exposedHeaders,
            @Nullable Integer maxAgeSeconds) {
        public Rule {
            allowedHeaders = List.copyOf(allowedHeaders);
            allowedMethods = List.copyOf(allowedMethods);
            allowedOrigins = List.copyOf(allowedOrigins);
            exposedHeaders = List.copyOf(exposedHeaders);
        }

        /** Whether the rule lets a web site use a method. */
        public boolean allows(String origin, String method) {
            return allowedMethods.contains(method)
                    && allowedOrigins.stream().anyMatch(pattern -> matches(pattern, origin));
        }

        /** Whether a request may carry all these headers. */
        public boolean allowsHeaders(List<String> names) {
            return names.stream()
                    .allMatch(name -> allowedHeaders.stream()
                            .anyMatch(pattern ->
                                    matches(pattern.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))));
        }

        /** Whether the rule is for every web site, whose name then isn't told. */
        public boolean isForEverybody() {
            return allowedOrigins.contains("*");
        }

        /** One {@code *} stands for any characters. */
        private static boolean matches(String pattern, String text) {
            int star = pattern.indexOf('*');
            if (star < 0) {
                return pattern.equals(text);
            }
            int rest = pattern.length() - star - 1;
            return text.length() >= star + rest
                    && text.startsWith(pattern.substring(0, star))
                    && text.endsWith(pattern.substring(star + 1));
        }
    }

    public static CorsConfiguration parse(ByteBuffer document) throws S3Exception {
        if (document.remaining() > MAX_BYTES) {
            throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                    .with("MaxMessageLengthBytes", Integer.toString(MAX_BYTES));
        }
        List<XmlElement> elements =
                XmlElement.parse(document, ROOT).only(Set.of(RULE)).children(RULE);
        if (elements.isEmpty()) {
            throw XmlElement.malformed();
        }
        if (elements.size() > MAX_RULES) {
            throw refused("The number of CORS rules should not exceed allowed limit of " + MAX_RULES + " rules.");
        }
        List<Rule> rules = new ArrayList<>(elements.size());
        for (XmlElement element : elements) {
            rules.add(rule(element.only(ELEMENTS)));
        }
        return new CorsConfiguration(rules);
    }

    private static Rule rule(XmlElement element) throws S3Exception {
        Rule rule = new Rule(
                element.textOf("ID"),
                texts(element, "AllowedHeader"),
                texts(element, "AllowedMethod"),
                texts(element, "AllowedOrigin"),
                texts(element, "ExposeHeader"),
                maxAge(element.textOf("MaxAgeSeconds")));
        if (rule.allowedMethods().isEmpty() || rule.allowedOrigins().isEmpty()) {
            throw XmlElement.malformed();
        }
        if (rule.id() != null && rule.id().length() > MAX_ID_LENGTH) {
            throw refused("The ID of a CORS rule should not exceed allowed limit of " + MAX_ID_LENGTH);
        }
        for (String method : rule.allowedMethods()) {
            if (!METHODS.contains(method)) {
                throw refused("Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        requireOneWildcard("AllowedOrigin", rule.allowedOrigins());
        requireOneWildcard("AllowedHeader", rule.allowedHeaders());
        for (String header : rule.exposedHeaders()) {
            if (header.indexOf('*') >= 0) {
                throw refused("ExposeHeader \"" + header
                        + "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
            }
        }
        return rule;
    }

    private static List<String> texts(XmlElement element, String name) throws S3Exception {
        List<String> texts = new ArrayList<>();
        for (XmlElement child : element.children(name)) {
            String text = child.text().strip();
            if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c != 0x7f)) {
                // What isn't one visible word could break the header that it is told in.
                throw XmlElement.malformed();
            }
            texts.add(text);
        }
        return texts;
    }

    private static @Nullable Integer maxAge(@Nullable String text) throws S3Exception {
        if (text == null) {
            return null;
        }
        try {
            int seconds = Integer.parseInt(text.strip());
            if (seconds >= 0) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw XmlElement.malformed();
    }

    private static void requireOneWildcard(String element, List<String> patterns) throws S3Exception {
        for (String pattern : patterns) {
            if (pattern.indexOf('*') != pattern.lastIndexOf('*')) {
                throw refused(element + " \"" + pattern + "\" can not have more than one wildcard.");
            }
        }
    }

    private static S3Exception refused(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter().root(ROOT);
        for (Rule rule : rules) {
            xml.open(RULE).elementIfPresent("ID", rule.id());
            rule.allowedHeaders().forEach(header -> xml.element("AllowedHeader", header));
            rule.allowedMethods().forEach(method -> xml.element("AllowedMethod", method));
            rule.allowedOrigins().forEach(origin -> xml.element("AllowedOrigin", origin));
            rule.exposedHeaders().forEach(header -> xml.element("ExposeHeader", header));
            if (rule.maxAgeSeconds() != null) {
                xml.element("MaxAgeSeconds", rule.maxAgeSeconds());
            }
            xml.close(RULE);
        }
        return xml.close(ROOT).document();
    }
}
