package io.coffer.gateway.kms;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The encryption context of a write: names and values that are authenticated with the data key, and kept in one form. */
public final class EncryptionContext {
    public static final String HEADER = "x-amz-server-side-encryption-context";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private EncryptionContext() {}

    /** A header's value as JSON with ascending names; empty for a context without any. InvalidArgument. */
    public static String parse(String header) throws S3Exception {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(header)))
                    .toString();
            JsonNode document = JSON.readTree(text);
            if (!document.isObject()) {
                throw invalid(header);
            }
            Map<String, String> context = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : document.properties()) {
                if (!entry.getValue().isString()) {
                    throw invalid(header);
                }
                context.put(entry.getKey(), entry.getValue().asString());
            }
            return context.isEmpty() ? "" : JSON.writeValueAsString(context);
        } catch (IllegalArgumentException | CharacterCodingException | JacksonException e) {
            throw invalid(header);
        }
    }

    /** As responses have it. */
    public static String header(String context) {
        return Base64.getEncoder().encodeToString(context.getBytes(StandardCharsets.UTF_8));
    }

    private static S3Exception invalid(String header) {
        return new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "The header '" + HEADER
                                + "' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map")
                .with("ArgumentName", HEADER)
                .with("ArgumentValue", header);
    }
}
