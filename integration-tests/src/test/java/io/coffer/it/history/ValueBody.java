package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

/** The bytes that stand for a value: its name, repeated up to the length it ends with, so that any byte proves where it came from. */
final class ValueBody {
    private static final int LONGEST_NAME = 64;

    private ValueBody() {}

    static int length(String value) {
        return Integer.parseInt(value.substring(value.lastIndexOf('.') + 1));
    }

    static byte[] of(String value) {
        byte[] pattern = (value + ";").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[length(value)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = pattern[i % pattern.length];
        }
        return bytes;
    }

    /** The value that these bytes stand for, all of them. */
    static String valueOf(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, LONGEST_NAME), StandardCharsets.US_ASCII);
        int end = text.indexOf(';');
        String value = end < 0 ? text : text.substring(0, end);
        byte[] pattern = (value + ";").getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes).as("length of %s", value).hasSize(length(value));
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != pattern[i % pattern.length]) {
                throw new AssertionError("byte " + i + " of " + value + " is another object's");
            }
        }
        return value;
    }
}
