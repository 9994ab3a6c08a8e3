package io.coffer.gateway.form;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The parameters behind a header's first word: {@code ; name=value; name="value"}. */
final class HeaderParameters {
    private HeaderParameters() {}

    /**
     * By lower-case name. A backslash counts as itself but before a quote: some browsers send whole Windows paths.
     *
     * @param from where the first semicolon is
     * @throws S3Exception MalformedPOSTRequest, also for a name that comes twice
     */
    static Map<String, String> parse(String line, int from) throws S3Exception {
        Map<String, String> parameters = new HashMap<>();
        int at = from;
        while (at < line.length()) {
            if (line.charAt(at) != ';') {
                throw FormErrors.malformed();
            }
            at = skipBlanks(line, at + 1);
            if (at == line.length() || line.charAt(at) == ';') {
                continue;
            }
            int equals = line.indexOf('=', at);
            if (equals < 0) {
                throw FormErrors.malformed();
            }
            String name = line.substring(at, equals).strip().toLowerCase(Locale.ROOT);
            at = skipBlanks(line, equals + 1);
            StringBuilder value = new StringBuilder();
            at = at < line.length() && line.charAt(at) == '"' ? quoted(line, at, value) : token(line, at, value);
            if (name.isEmpty() || parameters.putIfAbsent(name, value.toString()) != null) {
                throw FormErrors.malformed();
            }
        }
        return parameters;
    }

    private static int quoted(String line, int quote, StringBuilder value) throws S3Exception {
        int at = quote + 1;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '"') {
                return skipBlanks(line, at + 1);
            }
            if (c == '\\' && at + 1 < line.length() && line.charAt(at + 1) == '"' && !endsBehind(line, at + 1)) {
                at++;
                c = '"';
            }
            value.append(c);
            at++;
        }
        throw FormErrors.malformed();
    }

    /** Whether a quote behind a backslash is the closing one, as in {@code filename="C:\"}. */
    private static boolean endsBehind(String line, int quote) {
        return line.indexOf('"', quote + 1) < 0;
    }

    private static int token(String line, int from, StringBuilder value) {
        int semicolon = line.indexOf(';', from);
        int end = semicolon < 0 ? line.length() : semicolon;
        value.append(line.substring(from, end).strip());
        return end;
    }

    private static int skipBlanks(String line, int from) {
        int at = from;
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }
}
