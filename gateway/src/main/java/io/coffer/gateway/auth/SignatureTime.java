package io.coffer.gateway.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/** The spellings of time in signed requests. */
final class SignatureTime {
    private static final int ISO_BASIC_LENGTH = "yyyyMMddTHHmmssZ".length();

    /** Two-digit years of RFC 850 are of this century: nothing signed is older. */
    private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC);

    /** All but the day of the week: a wrong one isn't worth a refusal. */
    private static final Set<TemporalField> FIELDS = Set.of(
            ChronoField.YEAR_OF_ERA,
            ChronoField.YEAR,
            ChronoField.MONTH_OF_YEAR,
            ChronoField.DAY_OF_MONTH,
            ChronoField.HOUR_OF_DAY,
            ChronoField.MINUTE_OF_HOUR,
            ChronoField.SECOND_OF_MINUTE,
            ChronoField.NANO_OF_SECOND,
            ChronoField.OFFSET_SECONDS);

    private static final List<DateTimeFormatter> SPELLINGS = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME.withResolverFields(FIELDS),
            RFC_850.withResolverFields(FIELDS),
            ASCTIME.withResolverFields(FIELDS),
            DateTimeFormatter.ISO_OFFSET_DATE_TIME);

    private SignatureTime() {}

    /** Milliseconds since 1970 of {@code yyyyMMdd'T'HHmmss'Z'}; empty when it isn't that. */
    static OptionalLong parseIsoBasic(String text) {
        if (text.length() != ISO_BASIC_LENGTH || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return OptionalLong.empty();
        }
        int date = digits(text, 0, 8);
        int time = digits(text, 9, 15);
        if (date < 0 || time < 0) {
            return OptionalLong.empty();
        }
        int hour = time / 10_000;
        int minute = time / 100 % 100;
        int second = time % 100;
        if (hour > 23 || minute > 59 || second > 59 || !isDate(date)) {
            return OptionalLong.empty();
        }
        long day = LocalDate.of(date / 10_000, date / 100 % 100, date % 100).toEpochDay();
        return OptionalLong.of(((day * 24 + hour) * 60 + minute) * 60_000 + second * 1000L);
    }

    /** Whether the text is a day written {@code yyyyMMdd}. */
    static boolean isIsoBasicDate(String text) {
        return text.length() == 8 && isDate(digits(text, 0, 8));
    }

    private static boolean isDate(int yyyymmdd) {
        int year = yyyymmdd / 10_000;
        int month = yyyymmdd / 100 % 100;
        int day = yyyymmdd % 100;
        return year >= 1
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= java.time.YearMonth.of(year, month).lengthOfMonth();
    }

    /** Milliseconds since 1970 of any spelling that S3 takes in Date and x-amz-date; empty when it is none of them, or before 1970. */
    static OptionalLong parse(String text) {
        OptionalLong basic = parseIsoBasic(text);
        if (basic.isPresent()) {
            return basic;
        }
        for (DateTimeFormatter spelling : SPELLINGS) {
            try {
                long millis = ZonedDateTime.parse(text, spelling).toInstant().toEpochMilli();
                return millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
            } catch (DateTimeException | ArithmeticException e) {
                // Not this spelling; the next one may fit.
            }
        }
        return OptionalLong.empty();
    }

    static String isoBasic(long millis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(ISO_BASIC_LENGTH);
        pad(out, time.getYear(), 4);
        pad(out, time.getMonthValue(), 2);
        pad(out, time.getDayOfMonth(), 2);
        pad(out.append('T'), time.getHour(), 2);
        pad(out, time.getMinute(), 2);
        pad(out, time.getSecond(), 2);
        return out.append('Z').toString();
    }

    /** As the error documents write time: {@code 2013-05-24T00:00:00Z}. */
    static String iso(long millis) {
        return Instant.ofEpochSecond(Math.floorDiv(millis, 1000)).toString();
    }

    private static void pad(StringBuilder out, int value, int width) {
        String digits = Integer.toString(value);
        for (int i = digits.length(); i < width; i++) {
            out.append('0');
        }
        out.append(digits);
    }

    /** The number in the text's digits, or -1. */
    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
