package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A text of a policy, in which wildcards stand for any characters and variables ({@code ${aws:username}}, with a default
 * {@code ${aws:username, 'nobody'}}) for a value of the request. Without variables it is made ready once; what a variable brings is
 * never a wildcard. Immutable.
 */
final class Template {
    private final List<Piece> pieces;
    private final @Nullable Glob glob;
    private final @Nullable String text;

    private sealed interface Piece {
        /** Characters, and {@link Glob}'s wildcards. */
        record Fixed(List<Integer> tokens) implements Piece {}

        /** @param otherwise what is taken when the request has no value; null to match nothing then */
        record Variable(ConditionKey key, @Nullable String otherwise) implements Piece {}
    }

    /** What a template may hold beside characters. */
    record Syntax(boolean wildcards, boolean variables) {
        static final Syntax PLAIN = new Syntax(false, false);
    }

    private Template(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
        boolean fixed = pieces.stream().noneMatch(Piece.Variable.class::isInstance);
        int[] tokens = fixed
                ? pieces.stream()
                        .flatMapToInt(
                                piece -> ((Piece.Fixed) piece).tokens().stream().mapToInt(Integer::intValue))
                        .toArray()
                : new int[0];
        this.glob = fixed ? new Glob(tokens) : null;
        this.text = fixed && IntStream.of(tokens).allMatch(token -> token >= 0)
                ? new String(tokens, 0, tokens.length)
                : null;
    }

    /** MalformedPolicy for a variable that isn't one. */
    static Template parse(String source, Syntax syntax) throws S3Exception {
        List<Piece> pieces = new ArrayList<>();
        IntStream.Builder tokens = IntStream.builder();
        int at = 0;
        while (at < source.length()) {
            int c = source.codePointAt(at);
            if (syntax.variables() && source.startsWith("${", at)) {
                int end = source.indexOf('}', at);
                if (end < 0) {
                    throw Malformed.policy("Policy has an invalid variable: " + Malformed.echo(source.substring(at)));
                }
                String inner = source.substring(at + 2, end);
                switch (inner) {
                    case "*", "?", "$" -> tokens.add(inner.charAt(0));
                    default -> {
                        pieces.add(new Piece.Fixed(tokens.build().boxed().toList()));
                        tokens = IntStream.builder();
                        pieces.add(variable(inner));
                    }
                }
                at = end + 1;
                continue;
            }
            tokens.add(syntax.wildcards() && c == '*' ? Glob.MANY : syntax.wildcards() && c == '?' ? Glob.ONE : c);
            at += Character.charCount(c);
        }
        pieces.add(new Piece.Fixed(tokens.build().boxed().toList()));
        return new Template(pieces);
    }

    private static Piece variable(String inner) throws S3Exception {
        int comma = inner.indexOf(',');
        String name = comma < 0 ? inner : inner.substring(0, comma);
        String otherwise = comma < 0 ? null : inner.substring(comma + 1).strip();
        if (otherwise != null) {
            boolean quoted = otherwise.length() >= 2 && otherwise.startsWith("'") && otherwise.endsWith("'");
            if (!quoted) {
                throw Malformed.policy("Policy has an invalid variable: " + Malformed.echo(inner));
            }
            otherwise = otherwise.substring(1, otherwise.length() - 1);
        }
        ConditionKey key = ConditionKey.parse(name.strip())
                .orElseThrow(() -> Malformed.policy("Policy has an invalid variable: " + Malformed.echo(inner)));
        if (key.hasMany()) {
            throw Malformed.policy("Policy has an invalid variable: " + Malformed.echo(inner));
        }
        return new Piece.Variable(key, otherwise);
    }

    /** The text, when it holds neither wildcards nor variables; else null. */
    @Nullable
    String fixed() {
        return text;
    }

    boolean matches(String value, PolicyFacts facts) throws S3Exception {
        if (text != null) {
            return text.equals(value);
        }
        Glob ready = resolve(facts);
        return ready != null && ready.matches(value);
    }

    /** For a template without wildcards. */
    boolean matchesIgnoringCase(String value, PolicyFacts facts) throws S3Exception {
        String resolved = text(facts);
        return resolved != null && resolved.equalsIgnoreCase(value);
    }

    /** The text of a template without wildcards, with this request's values; null when it lacks one. */
    @Nullable
    String text(PolicyFacts facts) throws S3Exception {
        if (text != null) {
            return text;
        }
        int[] tokens = tokens(facts);
        return tokens == null ? null : new String(tokens, 0, tokens.length);
    }

    /** With this request's values; null when it lacks one. */
    @Nullable
    Glob resolve(PolicyFacts facts) throws S3Exception {
        if (glob != null) {
            return glob;
        }
        int[] tokens = tokens(facts);
        return tokens == null ? null : new Glob(tokens);
    }

    private int @Nullable [] tokens(PolicyFacts facts) throws S3Exception {
        IntStream.Builder all = IntStream.builder();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Fixed(List<Integer> tokens) -> tokens.forEach(all::add);
                case Piece.Variable(ConditionKey key, String otherwise) -> {
                    String value = facts.value(key);
                    if (value == null) {
                        value = otherwise;
                    }
                    if (value == null) {
                        return null;
                    }
                    value.codePoints().forEach(all::add);
                }
            }
        }
        return all.build().toArray();
    }

    /** The same with wildcards, cut at the first colons into as many parts; each part may hold variables. Null when it has fewer. */
    static @Nullable List<Template> parts(String source, int count, Syntax syntax) throws S3Exception {
        List<Template> parts = new ArrayList<>(count);
        int from = 0;
        int depth = 0;
        for (int i = 0; i < source.length() && parts.size() < count - 1; i++) {
            char c = source.charAt(i);
            if (syntax.variables() && source.startsWith("${", i)) {
                depth = 1;
            } else if (c == '}') {
                depth = 0;
            } else if (c == ':' && depth == 0) {
                parts.add(parse(source.substring(from, i), syntax));
                from = i + 1;
            }
        }
        parts.add(parse(source.substring(from), syntax));
        return parts.size() == count ? parts : null;
    }
}
