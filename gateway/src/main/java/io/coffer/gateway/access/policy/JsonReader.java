package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) without any leniency: a name that comes twice would let two readers understand one policy differently. The
 * document's length is bounded by the caller, its depth here. For one document; used by one thread.
 */
final class JsonReader {
    /** A policy's values are five deep. */
    private static final int MAX_DEPTH = 10;

    private static final int HEX = 16;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Json read(String text) throws S3Exception {
        JsonReader reader = new JsonReader(text);
        reader.skipBlanks();
        if (!reader.isAt('{')) {
            throw Malformed.policy("Policies must be valid JSON and the first byte must be '{'");
        }
        Json value = reader.value(1);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw invalid();
        }
        return value;
    }

    private static S3Exception invalid() {
        return Malformed.policy("This policy contains invalid Json");
    }

    private Json value(int depth) throws S3Exception {
        if (depth > MAX_DEPTH || at >= text.length()) {
            throw invalid();
        }
        return switch (text.charAt(at)) {
            case '{' -> members(depth);
            case '[' -> items(depth);
            case '"' -> new Json.Text(string());
            case 't' -> literal("true", new Json.Flag(true));
            case 'f' -> literal("false", new Json.Flag(false));
            case 'n' -> literal("null", new Json.Nothing());
            default -> new Json.Numeral(number());
        };
    }

    private Json members(int depth) throws S3Exception {
        Map<String, Json> members = new LinkedHashMap<>();
        at++;
        skipBlanks();
        if (accept('}')) {
            return new Json.Members(members);
        }
        do {
            skipBlanks();
            if (!isAt('"')) {
                throw invalid();
            }
            String name = string();
            skipBlanks();
            expect(':');
            skipBlanks();
            if (members.put(name, value(depth + 1)) != null) {
                throw Malformed.policy("Duplicate field " + Malformed.echo(name));
            }
            skipBlanks();
        } while (accept(','));
        expect('}');
        return new Json.Members(members);
    }

    private Json items(int depth) throws S3Exception {
        List<Json> items = new ArrayList<>();
        at++;
        skipBlanks();
        if (accept(']')) {
            return new Json.Items(items);
        }
        do {
            skipBlanks();
            items.add(value(depth + 1));
            skipBlanks();
        } while (accept(','));
        expect(']');
        return new Json.Items(items);
    }

    private String string() throws S3Exception {
        StringBuilder string = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw invalid();
            }
            string.append(c == '\\' ? escaped() : c);
        }
        throw invalid();
    }

    private char escaped() throws S3Exception {
        if (at >= text.length()) {
            throw invalid();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw invalid();
        };
    }

    private char unicode() throws S3Exception {
        int end = at + 4;
        if (end > text.length()) {
            throw invalid();
        }
        int value = 0;
        while (at < end) {
            int digit = Character.digit(text.charAt(at++), HEX);
            if (digit < 0) {
                throw invalid();
            }
            value = value * HEX + digit;
        }
        return (char) value;
    }

    private Json literal(String word, Json value) throws S3Exception {
        if (!text.startsWith(word, at)) {
            throw invalid();
        }
        at += word.length();
        return value;
    }

    private String number() throws S3Exception {
        int start = at;
        accept('-');
        if (!accept('0')) {
            digits();
        }
        if (accept('.')) {
            digits();
        }
        if (accept('e') || accept('E')) {
            if (!accept('-')) {
                accept('+');
            }
            digits();
        }
        return text.substring(start, at);
    }

    private void digits() throws S3Exception {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw invalid();
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private boolean accept(char c) {
        if (isAt(c)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws S3Exception {
        if (!accept(c)) {
            throw invalid();
        }
    }
}
