package io.coffer.gateway.s3.xml;

import java.time.LocalDate;

/** Instants as S3's documents have them: {@code 2006-02-03T16:45:09.000Z}. */
final class XmlTime {
    static final int LENGTH = 24;

    private static final long MILLIS_PER_DAY = 86_400_000L;

    private XmlTime() {}

    /** Writes {@link #LENGTH} bytes; years before 0 and after 9999 don't occur. */
    static void write(long millis, byte[] target, int offset) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY));
        int ofDay = (int) Math.floorMod(millis, MILLIS_PER_DAY);
        digits(date.getYear(), 4, target, offset);
        target[offset + 4] = '-';
        digits(date.getMonthValue(), 2, target, offset + 5);
        target[offset + 7] = '-';
        digits(date.getDayOfMonth(), 2, target, offset + 8);
        target[offset + 10] = 'T';
        digits(ofDay / 3_600_000, 2, target, offset + 11);
        target[offset + 13] = ':';
        digits(ofDay / 60_000 % 60, 2, target, offset + 14);
        target[offset + 16] = ':';
        digits(ofDay / 1000 % 60, 2, target, offset + 17);
        target[offset + 19] = '.';
        digits(ofDay % 1000, 3, target, offset + 20);
        target[offset + 23] = 'Z';
    }

    private static void digits(int number, int count, byte[] target, int offset) {
        int rest = number;
        for (int i = offset + count - 1; i >= offset; i--) {
            target[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
