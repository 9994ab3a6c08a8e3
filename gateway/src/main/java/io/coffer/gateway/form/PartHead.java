package io.coffer.gateway.form;

import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the lines before a part's content say of it.
 *
 * @param filename null when there is none; may be empty
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578#section-4">RFC 7578: form-data</a>
 */
record PartHead(String name, @Nullable String filename) {
    private static final String DISPOSITION = "content-disposition:";
    private static final String FORM_DATA = "form-data";

    /** Whether that is the line which tells a part's name; the others say nothing that matters. */
    static boolean isDisposition(String line) {
        return line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length());
    }

    /** @throws S3Exception MalformedPOSTRequest */
    static PartHead parse(String disposition) throws S3Exception {
        String value = disposition.substring(DISPOSITION.length()).strip();
        int semicolon = value.indexOf(';');
        if (semicolon < 0 || !value.substring(0, semicolon).strip().equalsIgnoreCase(FORM_DATA)) {
            throw FormErrors.malformed();
        }
        Map<String, String> parameters = HeaderParameters.parse(value, semicolon);
        String name = parameters.get("name");
        if (name == null) {
            throw FormErrors.malformed();
        }
        return new PartHead(name, parameters.get("filename"));
    }

    /** Forms are UTF-8. */
    static String utf8(byte[] bytes) throws S3Exception {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw FormErrors.malformed();
        }
    }
}
