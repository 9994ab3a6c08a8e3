package io.coffer.gateway.s3.header;

import java.util.Optional;

/** The one range that a {@code Range} header asks for. */
public sealed interface RequestedRange {
    /** @param last inclusive; {@link Long#MAX_VALUE} for the end */
    record Slice(long first, long last) implements RequestedRange {}

    /** The last {@code length} bytes; 0 can't be satisfied. */
    record Suffix(long length) implements RequestedRange {}

    /** Empty for what RFC 9110 tells a server to ignore, and for several ranges, which S3 answers with the whole object. */
    static Optional<RequestedRange> parse(String header) {
        String text = header.strip();
        int equals = text.indexOf('=');
        if (equals < 0 || !text.substring(0, equals).strip().equalsIgnoreCase("bytes")) {
            return Optional.empty();
        }
        String range = text.substring(equals + 1).strip();
        int dash = range.indexOf('-');
        if (dash < 0) {
            return Optional.empty();
        }
        String first = range.substring(0, dash).strip();
        String last = range.substring(dash + 1).strip();
        if (!isNumber(first) || !isNumber(last) || first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        if (first.isEmpty()) {
            return Optional.of(new Suffix(number(last)));
        }
        Slice slice = new Slice(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last));
        return slice.first() > slice.last() ? Optional.empty() : Optional.of(slice);
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Numbers too large for a length mean the same as the largest. */
    private static long number(String digits) {
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                return Long.MAX_VALUE;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
