package io.coffer.gateway.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The Date header's line, made once per second. Thread-safe. */
final class DateHeader {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Line(long second, byte[] bytes) {}

    private final InstantSource clock;
    private volatile Line current = new Line(Long.MIN_VALUE, new byte[0]);

    DateHeader(InstantSource clock) {
        this.clock = clock;
    }

    /** {@code Date: …} and CRLF. Not to be changed. */
    byte[] line() {
        long second = Math.floorDiv(clock.millis(), 1000L);
        Line line = current;
        if (line.second() != second) {
            String text = "Date: " + FORMAT.format(Instant.ofEpochSecond(second)) + "\r\n";
            line = new Line(second, text.getBytes(StandardCharsets.US_ASCII));
            current = line;
        }
        return line.bytes();
    }
}
