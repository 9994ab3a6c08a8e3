package io.coffer.common.unit;

import java.math.BigDecimal;
import java.util.Locale;

/** A number of bytes, as people write it: {@code 64 MiB}, {@code 1.5GiB}, {@code 10 GB}, {@code 4096}. */
public record DataSize(long bytes) implements Comparable<DataSize> {
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final String[] DECIMAL = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};
    private static final int BITS_PER_UNIT = 10;

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative size " + bytes);
        }
    }

    public static DataSize ofBytes(long bytes) {
        return new DataSize(bytes);
    }

    public static DataSize ofKiB(long count) {
        return new DataSize(Math.multiplyExact(count, 1L << BITS_PER_UNIT));
    }

    public static DataSize ofMiB(long count) {
        return new DataSize(Math.multiplyExact(count, 1L << 2 * BITS_PER_UNIT));
    }

    public static DataSize ofGiB(long count) {
        return new DataSize(Math.multiplyExact(count, 1L << 3 * BITS_PER_UNIT));
    }

    /** Units in any case; KB is 1000 and KiB 1024 bytes. */
    public static DataSize parse(String text) {
        String trimmed = text.strip();
        int split = 0;
        while (split < trimmed.length() && (Character.isDigit(trimmed.charAt(split)) || trimmed.charAt(split) == '.')) {
            split++;
        }
        try {
            BigDecimal number = new BigDecimal(trimmed.substring(0, split));
            long unit = unit(trimmed.substring(split).strip());
            return new DataSize(number.multiply(BigDecimal.valueOf(unit)).longValueExact());
        } catch (NumberFormatException e) {
            throw refusal(text, e);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of bytes below 8 EiB", e);
        }
    }

    private static long unit(String name) {
        if (name.isEmpty()) {
            return 1;
        }
        long decimal = 1;
        for (int i = 0; i < BINARY.length; i++) {
            if (name.equalsIgnoreCase(BINARY[i])) {
                return 1L << i * BITS_PER_UNIT;
            }
            if (name.equalsIgnoreCase(DECIMAL[i])) {
                return decimal;
            }
            decimal *= 1000;
        }
        throw new NumberFormatException(name);
    }

    private static IllegalArgumentException refusal(String text, Exception cause) {
        return new IllegalArgumentException("'" + text + "' is not a size such as 64 MiB", cause);
    }

    /** For logs: about the same size with three digits. */
    public String rounded() {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BINARY.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0
                ? toString()
                : String.format(Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, BINARY[unit]);
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Exact, in the largest unit that divides it; {@link #parse} reads it back. */
    @Override
    public String toString() {
        int unit = bytes == 0 ? 0 : Math.min(BINARY.length - 1, Long.numberOfTrailingZeros(bytes) / BITS_PER_UNIT);
        return (bytes >> unit * BITS_PER_UNIT) + " " + BINARY[unit];
    }
}
