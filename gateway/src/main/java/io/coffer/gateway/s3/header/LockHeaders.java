package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionLock;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The headers by which a write locks its version, and by which a read tells of the lock. */
public final class LockHeaders {
    private static final String MODE = "x-amz-object-lock-mode";
    private static final String UNTIL = "x-amz-object-lock-retain-until-date";
    private static final String HOLD = "x-amz-object-lock-legal-hold";

    /** Ends of retentions fit into four digits of a year. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private LockHeaders() {}

    /** What a write asks for; {@link VersionLock#NONE} when it asks for nothing. */
    public static VersionLock parse(Headers headers) throws S3Exception {
        String mode = headers.first(MODE);
        String until = headers.first(UNTIL);
        String hold = headers.first(HOLD);
        if (mode == null && until == null && hold == null) {
            return VersionLock.NONE;
        }
        if ((mode == null) != (until == null)) {
            throw invalid(mode == null ? UNTIL : MODE, null, UNTIL + " and " + MODE + " must both be supplied");
        }
        VersionLock lock = VersionLock.NONE.withHold(hold != null && isOn(hold));
        return mode == null || until == null ? lock : lock.withRetention(mode(mode), time(until));
    }

    private static RetentionMode mode(String text) throws S3Exception {
        return modeOf(text).orElseThrow(() -> invalid(MODE, text, "Unknown wormMode directive."));
    }

    /** As headers and documents spell it. */
    public static Optional<RetentionMode> modeOf(String text) {
        return switch (text) {
            case "GOVERNANCE" -> Optional.of(RetentionMode.GOVERNANCE);
            case "COMPLIANCE" -> Optional.of(RetentionMode.COMPLIANCE);
            default -> Optional.empty();
        };
    }

    private static long time(String text) throws S3Exception {
        return timeOf(text)
                .orElseThrow(() -> invalid(UNTIL, text, "The retain until date must be provided in ISO 8601 format"));
    }

    /** Milliseconds since 1970; empty for what is no date, or one that nobody could ever write down. */
    public static Optional<Long> timeOf(String text) {
        try {
            Instant time = OffsetDateTime.parse(text.strip()).toInstant();
            return time.isAfter(LATEST) || time.toEpochMilli() <= 0
                    ? Optional.empty()
                    : Optional.of(time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static boolean isOn(String text) throws S3Exception {
        return switch (text) {
            case "ON" -> true;
            case "OFF" -> false;
            default -> throw invalid(HOLD, text, "Legal Hold must be either of 'ON' or 'OFF'");
        };
    }

    private static S3Exception invalid(String header, @Nullable String value, String message) {
        S3Exception error = new S3Exception(S3Error.INVALID_ARGUMENT, message).with("ArgumentName", header);
        return value == null ? error : error.with("ArgumentValue", value);
    }

    /** Tells a reader of the lock. */
    static void write(VersionLock lock, Headers.Builder response) {
        RetentionMode mode = lock.mode();
        if (mode != null) {
            response.add(MODE, mode.name());
            response.add(UNTIL, Instant.ofEpochMilli(lock.untilMillis()).toString());
        }
        if (lock.hold()) {
            response.add(HOLD, "ON");
        }
    }
}
