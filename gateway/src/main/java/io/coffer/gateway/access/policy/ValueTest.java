package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of a condition's values, ready to be compared with what a request has. What can't be compared isn't equal. */
sealed interface ValueTest {
    record Equals(Template template) implements ValueTest {}

    record EqualsIgnoringCase(Template template) implements ValueTest {}

    record Numeric(BigDecimal number, Order order) implements ValueTest {}

    record Date(long millis, Order order) implements ValueTest {}

    record Bool(boolean expected) implements ValueTest {}

    /** @param base64 as the policy has it, in its only form */
    record Binary(String base64) implements ValueTest {}

    record Address(IpRange range) implements ValueTest {}

    /** The six parts of an ARN, of which no wildcard reaches over two. */
    record Arn(List<Template> parts) implements ValueTest {}

    /** How what the request has must compare to the value. */
    enum Order {
        EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL;

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case LESS -> comparison < 0;
                case LESS_OR_EQUAL -> comparison <= 0;
                case GREATER -> comparison > 0;
                case GREATER_OR_EQUAL -> comparison >= 0;
            };
        }
    }

    /** MalformedPolicy for a value that the operator can't have. */
    static ValueTest of(Operator operator, String value, boolean variables) throws S3Exception {
        return switch (operator) {
            case STRING_EQUALS, STRING_NOT_EQUALS ->
                new Equals(Template.parse(value, new Template.Syntax(false, variables)));
            case STRING_EQUALS_IGNORE_CASE, STRING_NOT_EQUALS_IGNORE_CASE ->
                new EqualsIgnoringCase(Template.parse(value, new Template.Syntax(false, variables)));
            case STRING_LIKE, STRING_NOT_LIKE ->
                new Equals(Template.parse(value, new Template.Syntax(true, variables)));
            case NUMERIC_EQUALS, NUMERIC_NOT_EQUALS -> numeric(operator, value, Order.EQUAL);
            case NUMERIC_LESS -> numeric(operator, value, Order.LESS);
            case NUMERIC_LESS_OR_EQUAL -> numeric(operator, value, Order.LESS_OR_EQUAL);
            case NUMERIC_GREATER -> numeric(operator, value, Order.GREATER);
            case NUMERIC_GREATER_OR_EQUAL -> numeric(operator, value, Order.GREATER_OR_EQUAL);
            case DATE_EQUALS, DATE_NOT_EQUALS -> date(operator, value, Order.EQUAL);
            case DATE_LESS -> date(operator, value, Order.LESS);
            case DATE_LESS_OR_EQUAL -> date(operator, value, Order.LESS_OR_EQUAL);
            case DATE_GREATER -> date(operator, value, Order.GREATER);
            case DATE_GREATER_OR_EQUAL -> date(operator, value, Order.GREATER_OR_EQUAL);
            case BOOL, NULL -> bool(operator, value);
            case BINARY_EQUALS -> binary(operator, value);
            case IP_ADDRESS, NOT_IP_ADDRESS ->
                new Address(IpRange.parse(value).orElseThrow(() -> invalid(operator, value)));
            case ARN_EQUALS, ARN_LIKE, ARN_NOT_EQUALS, ARN_NOT_LIKE -> {
                List<Template> parts = Template.parts(value, Arns.PARTS, new Template.Syntax(true, variables));
                if (parts == null) {
                    throw invalid(operator, value);
                }
                yield new Arn(parts);
            }
        };
    }

    private static ValueTest numeric(Operator operator, String value, Order order) throws S3Exception {
        BigDecimal number = Arns.number(value);
        if (number == null) {
            throw invalid(operator, value);
        }
        return new Numeric(number, order);
    }

    private static ValueTest date(Operator operator, String value, Order order) throws S3Exception {
        OptionalLong millis = Instants.parse(value);
        if (millis.isEmpty()) {
            throw invalid(operator, value);
        }
        return new Date(millis.getAsLong(), order);
    }

    private static ValueTest bool(Operator operator, String value) throws S3Exception {
        if (value.equalsIgnoreCase("true")) {
            return new Bool(true);
        }
        if (value.equalsIgnoreCase("false")) {
            return new Bool(false);
        }
        throw invalid(operator, value);
    }

    private static ValueTest binary(Operator operator, String value) throws S3Exception {
        try {
            return new Binary(
                    Base64.getEncoder().encodeToString(Base64.getDecoder().decode(value)));
        } catch (IllegalArgumentException e) {
            throw invalid(operator, value);
        }
    }

    private static S3Exception invalid(Operator operator, String value) {
        return Malformed.policy("Invalid value for the condition " + operator.text() + ": " + Malformed.echo(value));
    }

    default boolean accepts(String value, PolicyFacts facts) throws S3Exception {
        return switch (this) {
            case Equals(Template template) -> template.matches(value, facts);
            case EqualsIgnoringCase(Template template) -> template.matchesIgnoringCase(value, facts);
            case Numeric(BigDecimal number, Order order) -> {
                BigDecimal had = Arns.number(value);
                yield had != null && order.holds(had.compareTo(number));
            }
            case Date(long millis, Order order) -> {
                OptionalLong had = Instants.parse(value);
                yield had.isPresent() && order.holds(Long.compare(had.getAsLong(), millis));
            }
            case Bool(boolean expected) -> value.equalsIgnoreCase(expected ? "true" : "false");
            case Binary(String base64) -> base64.equals(value);
            case Address(IpRange range) -> range.contains(value);
            case Arn(List<Template> parts) -> Arns.match(value, parts, facts);
        };
    }

    /** Whether it stands for a limited number of values, which is what makes a policy not public. */
    default boolean isFixed() {
        return switch (this) {
            case Equals(Template template) -> template.fixed() != null;
            case EqualsIgnoringCase(Template template) -> template.fixed() != null;
            case Address(IpRange range) -> range.isNarrow();
            case Arn(List<Template> parts) -> parts.stream().allMatch(part -> part.fixed() != null);
            case Numeric _, Date _, Bool _, Binary _ -> false;
        };
    }

    /** Values of more than one form. */
    final class Arns {
        private static final int PARTS = 6;
        private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(?:\\.[0-9]{1,9})?");

        private Arns() {}

        /** Numbers without exponents: one of those could take any time to compare. */
        private static @Nullable BigDecimal number(String text) {
            return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
        }

        private static boolean match(String value, List<Template> parts, PolicyFacts facts) throws S3Exception {
            List<String> had = Arrays.asList(value.split(":", PARTS));
            if (had.size() != PARTS) {
                return false;
            }
            for (int i = 0; i < PARTS; i++) {
                if (!parts.get(i).matches(had.get(i), facts)) {
                    return false;
                }
            }
            return true;
        }
    }
}
