package io.coffer.common.trace;

import com.google.errorprone.annotations.Immutable;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A span that others may hang theirs on, in this process or another: what W3C's trace context calls {@code traceparent}.
 *
 * @param traceHigh the first half of the trace's id
 * @param sampled whether whoever made it sends it to a collector
 */
@Immutable
public record TraceParent(long traceHigh, long traceLow, long span, boolean sampled) {
    /** Of W3C's trace context. */
    public static final String HEADER = "traceparent";

    /** On the wire between our own processes. */
    public static final int BYTES = 2 * Long.BYTES + Long.BYTES + 1;

    private static final HexFormat HEX = HexFormat.of();

    /** {@code 00-<trace>-<span>-<flags>}. */
    private static final int TEXT_LENGTH = 55;

    private static final int TRACE_AT = 3;
    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_AT = 36;
    private static final int SPAN_DIGITS = 16;
    private static final int FLAGS_AT = 53;
    private static final int SAMPLED = 1;

    /** Null if the header isn't there or says nothing that can be used, which W3C wants to be ignored. */
    public static @Nullable TraceParent parse(@Nullable String header) {
        if (header == null || header.length() < TEXT_LENGTH || !isSeparated(header)) {
            return null;
        }
        // A newer version may say more, behind a dash.
        if (header.startsWith("ff") || header.startsWith("00") && header.length() != TEXT_LENGTH) {
            return null;
        }
        try {
            TraceParent parsed = new TraceParent(
                    HexFormat.fromHexDigitsToLong(header, TRACE_AT, TRACE_AT + SPAN_DIGITS),
                    HexFormat.fromHexDigitsToLong(header, TRACE_AT + SPAN_DIGITS, TRACE_AT + TRACE_DIGITS),
                    HexFormat.fromHexDigitsToLong(header, SPAN_AT, SPAN_AT + SPAN_DIGITS),
                    (HexFormat.fromHexDigits(header, FLAGS_AT, FLAGS_AT + 2) & SAMPLED) != 0);
            return parsed.isValid() ? parsed : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isSeparated(String header) {
        return header.charAt(TRACE_AT - 1) == '-'
                && header.charAt(SPAN_AT - 1) == '-'
                && header.charAt(FLAGS_AT - 1) == '-'
                && (header.length() == TEXT_LENGTH || header.charAt(TEXT_LENGTH) == '-');
    }

    private boolean isValid() {
        return (traceHigh != 0 || traceLow != 0) && span != 0;
    }

    /** As the header has it. */
    public String header() {
        return "00-" + traceId() + '-' + spanId() + (sampled ? "-01" : "-00");
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return HEX.toHexDigits(traceHigh) + HEX.toHexDigits(traceLow);
    }

    /** 16 hexadecimal digits. */
    public String spanId() {
        return HEX.toHexDigits(span);
    }

    /** {@link #BYTES} of them: trace, span, flags. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(traceHigh)
                .putLong(traceLow)
                .putLong(span)
                .put((byte) (sampled ? SAMPLED : 0))
                .array();
    }

    /** Null if it is none. */
    public static @Nullable TraceParent of(ByteBuffer bytes) {
        if (bytes.remaining() != BYTES) {
            return null;
        }
        ByteBuffer rest = bytes.duplicate();
        TraceParent decoded =
                new TraceParent(rest.getLong(), rest.getLong(), rest.getLong(), (rest.get() & SAMPLED) != 0);
        return decoded.isValid() ? decoded : null;
    }
}
