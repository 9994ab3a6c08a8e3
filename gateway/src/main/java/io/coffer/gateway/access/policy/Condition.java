package io.coffer.gateway.access.policy;

import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;

/**
 * One key of a condition block, with the values it is compared to; one of them is enough, or, of a negated operator, none of them may
 * be equal.
 *
 * @param optional {@code IfExists}: it holds when the request has no value
 */
record Condition(Operator operator, Quantifier quantifier, boolean optional, ConditionKey key, List<ValueTest> values) {
    private static final String IF_EXISTS = "IfExists";
    private static final String ALL_VALUES = "ForAllValues:";
    private static final String ANY_VALUE = "ForAnyValue:";

    /** Of a key with several values, which of them must satisfy the operator. */
    enum Quantifier {
        NONE,
        ALL,
        ANY
    }

    Condition {
        values = List.copyOf(values);
    }

    /** An operator with what is written around it. */
    record Form(Operator operator, Quantifier quantifier, boolean optional) {
        static Form parse(String text) throws S3Exception {
            Quantifier quantifier = Quantifier.NONE;
            String name = text;
            if (name.startsWith(ALL_VALUES)) {
                quantifier = Quantifier.ALL;
                name = name.substring(ALL_VALUES.length());
            } else if (name.startsWith(ANY_VALUE)) {
                quantifier = Quantifier.ANY;
                name = name.substring(ANY_VALUE.length());
            }
            boolean optional = name.endsWith(IF_EXISTS);
            if (optional) {
                name = name.substring(0, name.length() - IF_EXISTS.length());
            }
            Operator operator = Operator.parse(name).orElseThrow(() -> unknown(text));
            if (operator == Operator.NULL && (optional || quantifier != Quantifier.NONE)) {
                throw unknown(text);
            }
            return new Form(operator, quantifier, optional);
        }

        private static S3Exception unknown(String text) {
            return Malformed.policy("Invalid Condition type : " + Malformed.echo(text));
        }
    }

    boolean holds(PolicyFacts facts) throws S3Exception {
        if (!key.hasMany()) {
            String value = facts.value(key);
            if (operator == Operator.NULL) {
                return accepts(Boolean.toString(value == null), facts);
            }
            return value == null ? holdsForNothing() : accepts(value, facts) != operator.isNegated();
        }
        List<String> had = facts.values(key);
        if (operator == Operator.NULL) {
            return accepts(Boolean.toString(had.isEmpty()), facts);
        }
        return had.isEmpty() ? holdsForNothing() : holdsFor(had, facts);
    }

    private boolean holdsForNothing() {
        return switch (quantifier) {
            case NONE -> optional || operator.isNegated();
            case ALL -> true;
            case ANY -> optional;
        };
    }

    private boolean holdsFor(List<String> had, PolicyFacts facts) throws S3Exception {
        // Without a quantifier one equal value decides, for or against.
        boolean every = quantifier == Quantifier.ALL || quantifier == Quantifier.NONE && operator.isNegated();
        for (String value : had) {
            boolean satisfied = accepts(value, facts) != operator.isNegated();
            if (satisfied != every) {
                return satisfied;
            }
        }
        return every;
    }

    private boolean accepts(String value, PolicyFacts facts) throws S3Exception {
        for (ValueTest test : values) {
            if (test.accepts(value, facts)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it limits a statement to whom somebody has chosen.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">the meaning of
     *     "public"</a>
     */
    boolean narrows() {
        boolean byAddress = operator == Operator.IP_ADDRESS;
        return key.narrows()
                && byAddress == (key.name() == ConditionKey.Name.AWS_SOURCE_IP)
                && !operator.isNegated()
                && !optional
                && quantifier != Quantifier.ALL
                && values.stream().allMatch(ValueTest::isFixed);
    }
}
