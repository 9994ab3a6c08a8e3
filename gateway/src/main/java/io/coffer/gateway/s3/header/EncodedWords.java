package io.coffer.gateway.s3.header;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 2047: {@code =?UTF-8?B?…?=}. */
final class EncodedWords {
    private static final Pattern WORD = Pattern.compile("=\\?([^?\\s]+)\\?([BbQq])\\?([^?\\s]*)\\?=");

    private EncodedWords() {}

    /** One word, however long: readers of header values take it, and splitting helps nobody. */
    static String encode(String text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    /** The text with all words decoded that can be; white space between two words is dropped. */
    static String decode(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        Matcher matcher = WORD.matcher(text);
        int done = 0;
        boolean afterWord = false;
        while (matcher.find()) {
            Optional<String> word = word(matcher.group(1), matcher.group(2), matcher.group(3));
            String between = text.substring(done, matcher.start());
            if (!(afterWord && word.isPresent() && between.isBlank())) {
                decoded.append(between);
            }
            decoded.append(word.orElse(matcher.group()));
            afterWord = word.isPresent();
            done = matcher.end();
        }
        return decoded.append(text, done, text.length()).toString();
    }

    private static Optional<String> word(String charset, String encoding, String payload) {
        try {
            byte[] bytes = encoding.equalsIgnoreCase("B") ? Base64.getDecoder().decode(payload) : quoted(payload);
            return Optional.of(Charset.forName(charset)
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static byte[] quoted(String payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length());
        for (int i = 0; i < payload.length(); i++) {
            char c = payload.charAt(i);
            if (c == '=') {
                if (i + 2 >= payload.length()) {
                    throw new IllegalArgumentException("a broken escape");
                }
                bytes.write(Integer.parseInt(payload, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c == '_' ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }
}
