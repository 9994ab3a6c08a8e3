package io.coffer.gateway.s3.header;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** HTTP's dates, in seconds since 1970: written in one form, read in all three of RFC 9110, and in ISO 8601 as S3 does. */
public final class HttpDate {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int SECONDS_PER_DAY = 86_400;

    /** RFC 850 has two digits of the year; those over half a century ahead mean the past. */
    private static final int OLDEST_TWO_DIGIT_YEAR = 1970;

    private static final List<DateTimeFormatter> ZONED_FORMS = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, OLDEST_TWO_DIGIT_YEAR)
                    .appendPattern(" HH:mm:ss zzz")
                    .toFormatter(Locale.US),
            DateTimeFormatter.ISO_OFFSET_DATE_TIME);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US);

    private HttpDate() {}

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    public static String format(long seconds) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int ofDay = (int) Math.floorMod(seconds, (long) SECONDS_PER_DAY);
        StringBuilder text = new StringBuilder(29);
        int day = (date.getDayOfWeek().getValue() - 1) * 3;
        text.append(DAYS, day, day + 3).append(", ");
        twoDigits(text, date.getDayOfMonth()).append(' ');
        int month = (date.getMonthValue() - 1) * 3;
        text.append(MONTHS, month, month + 3).append(' ').append(date.getYear()).append(' ');
        twoDigits(text, ofDay / 3600).append(':');
        twoDigits(text, ofDay / 60 % 60).append(':');
        return twoDigits(text, ofDay % 60).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** The seconds, or empty when it is no date. */
    public static OptionalLong parse(String text) {
        String date = text.strip();
        for (DateTimeFormatter form : ZONED_FORMS) {
            try {
                return OptionalLong.of(form.parse(date, Instant::from).getEpochSecond());
            } catch (DateTimeParseException e) {
                // Another form, then.
            }
        }
        try {
            return OptionalLong.of(LocalDateTime.parse(date, ASCTIME).toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }
}
