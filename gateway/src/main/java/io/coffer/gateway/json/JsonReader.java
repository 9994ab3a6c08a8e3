package io.coffer.gateway.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) without any leniency: a name that comes twice would let two readers understand one document differently. The
 * document's length is bounded by the caller, its depth here. For one document; used by one thread.
 */
public final class JsonReader {
    /** Documents of S3's are five deep. */
    private static final int MAX_DEPTH = 10;

    private static final int HEX = 16;

    private final String text;
    private final String escapes;
    private int at;

    private JsonReader(String text, String escapes) {
        this.text = text;
        this.escapes = escapes;
    }

    public static Json read(String text) throws JsonException {
        return read(text, "");
    }

    /** @param escapes further characters that may stand behind a backslash and then mean themselves */
    public static Json read(String text, String escapes) throws JsonException {
        JsonReader reader = new JsonReader(text, escapes);
        reader.skipBlanks();
        Json value = reader.value(1);
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw invalid();
        }
        return value;
    }

    private static JsonException invalid() {
        return new JsonException(null);
    }

    private Json value(int depth) throws JsonException {
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

    private Json members(int depth) throws JsonException {
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
                throw new JsonException(name);
            }
            skipBlanks();
        } while (accept(','));
        expect('}');
        return new Json.Members(members);
    }

    private Json items(int depth) throws JsonException {
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

    private String string() throws JsonException {
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

    private char escaped() throws JsonException {
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
            default -> {
                if (escapes.indexOf(c) < 0) {
                    throw invalid();
                }
                yield c;
            }
        };
    }

    private char unicode() throws JsonException {
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

    private Json literal(String word, Json value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw invalid();
        }
        at += word.length();
        return value;
    }

    private String number() throws JsonException {
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

    private void digits() throws JsonException {
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

    private void expect(char c) throws JsonException {
        if (!accept(c)) {
            throw invalid();
        }
    }
}
