package io.coffer.gateway.form;

import io.coffer.gateway.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What separates the parts of a form.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1">RFC 2046: multipart</a>
 */
record Boundary(String text) {
    private static final String TYPE = "multipart/form-data";
    private static final int MAX_LENGTH = 70;
    private static final String SPECIALS = "'()+_,-./:=? ";

    /** PreconditionFailed for what is no form at all, MalformedPOSTRequest without a boundary that can be one. */
    static Boundary of(List<String> contentTypes) throws S3Exception {
        if (contentTypes.size() != 1) {
            throw FormErrors.notAForm();
        }
        String line = contentTypes.getFirst();
        int semicolon = line.indexOf(';');
        String type = semicolon < 0 ? line : line.substring(0, semicolon);
        if (!type.strip().toLowerCase(Locale.ROOT).equals(TYPE)) {
            throw FormErrors.notAForm();
        }
        Map<String, String> parameters = semicolon < 0 ? Map.of() : HeaderParameters.parse(line, semicolon);
        String text = parameters.get("boundary");
        if (text == null || !isPossible(text)) {
            throw FormErrors.malformed();
        }
        return new Boundary(text);
    }

    private static boolean isPossible(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH || text.endsWith(" ")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean possible =
                    c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || SPECIALS.indexOf(c) >= 0;
            if (!possible) {
                return false;
            }
        }
        return true;
    }

    /** With the line end before it. The first byte comes nowhere else in it. */
    byte[] delimiter() {
        return ("\r\n--" + text).getBytes(StandardCharsets.US_ASCII);
    }
}
