package io.coffer.gateway.access.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Times as policies write them: one of W3C's ISO 8601 forms, or seconds since 1970. */
final class Instants {
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{5,12}");
    private static final Pattern YEAR = Pattern.compile("[0-9]{4}");
    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final int MAX_LENGTH = 40;

    private Instants() {}

    /** Milliseconds since 1970; empty for what isn't a time. */
    static OptionalLong parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(instant(text).toEpochMilli());
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static Instant instant(String text) {
        if (SECONDS.matcher(text).matches()) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        if (YEAR.matcher(text).matches()) {
            return start(Year.parse(text).atDay(1));
        }
        if (MONTH.matcher(text).matches()) {
            return start(YearMonth.parse(text).atDay(1));
        }
        if (DAY.matcher(text).matches()) {
            return start(LocalDate.parse(text));
        }
        return text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > "2000-01-01".length()
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
