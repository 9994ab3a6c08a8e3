package io.coffer.gateway.access.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A condition's operator. */
enum Operator {
    STRING_EQUALS("StringEquals", false),
    STRING_NOT_EQUALS("StringNotEquals", true),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true),
    STRING_LIKE("StringLike", false),
    STRING_NOT_LIKE("StringNotLike", true),
    NUMERIC_EQUALS("NumericEquals", false),
    NUMERIC_NOT_EQUALS("NumericNotEquals", true),
    NUMERIC_LESS("NumericLessThan", false),
    NUMERIC_LESS_OR_EQUAL("NumericLessThanEquals", false),
    NUMERIC_GREATER("NumericGreaterThan", false),
    NUMERIC_GREATER_OR_EQUAL("NumericGreaterThanEquals", false),
    DATE_EQUALS("DateEquals", false),
    DATE_NOT_EQUALS("DateNotEquals", true),
    DATE_LESS("DateLessThan", false),
    DATE_LESS_OR_EQUAL("DateLessThanEquals", false),
    DATE_GREATER("DateGreaterThan", false),
    DATE_GREATER_OR_EQUAL("DateGreaterThanEquals", false),
    BOOL("Bool", false),
    BINARY_EQUALS("BinaryEquals", false),
    IP_ADDRESS("IpAddress", false),
    NOT_IP_ADDRESS("NotIpAddress", true),
    ARN_EQUALS("ArnEquals", false),
    ARN_LIKE("ArnLike", false),
    ARN_NOT_EQUALS("ArnNotEquals", true),
    ARN_NOT_LIKE("ArnNotLike", true),
    NULL("Null", false);

    private static final Map<String, Operator> BY_TEXT = new HashMap<>();

    static {
        for (Operator operator : values()) {
            BY_TEXT.put(operator.text, operator);
        }
    }

    private final String text;
    private final boolean negated;

    Operator(String text, boolean negated) {
        this.text = text;
        this.negated = negated;
    }

    static Optional<Operator> parse(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    String text() {
        return text;
    }

    /** Whether it holds for what equals none of its values, and so for what isn't there. */
    boolean isNegated() {
        return negated;
    }
}
