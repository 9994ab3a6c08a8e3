package io.coffer.common.unit;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as people write them: {@code 250 ms}, {@code 30s}, {@code 1.5 h}, {@code 7d}. */
public final class Durations {
    private static final String[] NAMES = {"d", "h", "min", "s", "ms", "us", "ns"};
    private static final long[] NANOS = {
        86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
    };

    private Durations() {}

    public static Duration parse(String text) {
        String trimmed = text.strip();
        int split = 0;
        while (split < trimmed.length() && (Character.isDigit(trimmed.charAt(split)) || trimmed.charAt(split) == '.')) {
            split++;
        }
        try {
            BigDecimal number = new BigDecimal(trimmed.substring(0, split));
            long unit = unitNanos(trimmed.substring(split).strip());
            return Duration.ofNanos(number.multiply(BigDecimal.valueOf(unit)).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a duration such as 250 ms, 30 s or 1 h", e);
        }
    }

    private static long unitNanos(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (name.equalsIgnoreCase(NAMES[i])) {
                return NANOS[i];
            }
        }
        if (name.equals("m")) {
            return NANOS[2];
        }
        throw new NumberFormatException(name);
    }

    /** Exact, in the largest unit that divides it; {@link #parse} reads it back. */
    public static String print(Duration duration) {
        long nanos = duration.toNanos();
        int unit = nanos == 0 ? 3 : 0;
        while (nanos % NANOS[unit] != 0) {
            unit++;
        }
        return nanos / NANOS[unit] + " " + NAMES[unit];
    }
}
