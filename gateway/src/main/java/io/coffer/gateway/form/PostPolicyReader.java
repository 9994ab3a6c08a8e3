package io.coffer.gateway.form;

import io.coffer.gateway.json.Json;
import io.coffer.gateway.json.JsonException;
import io.coffer.gateway.json.JsonReader;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads policies, which are JSON in Base64; their size is bounded with the form's. InvalidPolicyDocument for what is none. */
final class PostPolicyReader {
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");

    /** Digits that a long has room for, and that no size has. */
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    /** Amazon documents this escape beside JSON's. */
    private static final String ESCAPES = "$";

    private static final String LENGTH = "content-length-range";

    private PostPolicyReader() {}

    static PostPolicy read(String base64) throws S3Exception {
        if (!(json(base64) instanceof Json.Members(Map<String, Json> members))) {
            throw invalidJson();
        }
        for (String name : members.keySet()) {
            if (!name.equals("expiration") && !name.equals("conditions")) {
                throw FormErrors.invalidPolicy("Unexpected: '" + name.toLowerCase(Locale.ROOT) + "'");
            }
        }
        long expires = expiration(members.get("expiration"));
        Json conditions = members.get("conditions");
        if (conditions == null) {
            throw FormErrors.invalidPolicy("Policy missing conditions.");
        }
        if (!(conditions instanceof Json.Items(List<Json> items))) {
            throw FormErrors.invalidPolicy("Invalid 'conditions' value: must be a List.");
        }
        List<PolicyCondition> read = new ArrayList<>(items.size());
        for (Json item : items) {
            read.add(condition(item));
        }
        return new PostPolicy(expires, read);
    }

    private static Json json(String base64) throws S3Exception {
        byte[] bytes;
        try {
            // A field may be wrapped into lines.
            bytes = Base64.getDecoder().decode(base64.replaceAll("[ \t\r\n]", ""));
        } catch (IllegalArgumentException e) {
            throw FormErrors.invalidPolicy("Invalid JSON.");
        }
        try {
            return JsonReader.read(
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString(),
                    ESCAPES);
        } catch (CharacterCodingException | JsonException e) {
            throw invalidJson();
        }
    }

    private static S3Exception invalidJson() {
        return FormErrors.invalidPolicy("Invalid JSON.");
    }

    private static long expiration(@Nullable Json value) throws S3Exception {
        if (value == null) {
            throw FormErrors.invalidPolicy("Policy missing expiration.");
        }
        String text = text(value);
        try {
            if (TIME.matcher(text).matches()) {
                return Instant.parse(text).toEpochMilli();
            }
        } catch (DateTimeException e) {
            // refused below, as is what only looks like a time
        }
        throw FormErrors.invalidPolicy("Invalid 'expiration' value: '" + text + "'");
    }

    private static String text(Json value) throws S3Exception {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw invalidJson();
    }

    private static PolicyCondition condition(Json item) throws S3Exception {
        return switch (item) {
            case Json.Members(Map<String, Json> members) -> simple(members);
            case Json.Items(List<Json> items) -> list(items);
            default -> throw FormErrors.invalidPolicy("Invalid condition test: must be a List or Object.");
        };
    }

    private static PolicyCondition simple(Map<String, Json> members) throws S3Exception {
        if (members.size() != 1) {
            throw FormErrors.invalidPolicy(
                    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
        }
        Map.Entry<String, Json> only = members.entrySet().iterator().next();
        return switch (only.getValue()) {
            case Json.Text(String value) -> new PolicyCondition.Exact("$" + only.getKey(), value);
            case Json.Nothing() -> throw invalidJson();
            default -> throw FormErrors.invalidPolicy("Invalid Simple-Condition: value must be a string.");
        };
    }

    private static PolicyCondition list(List<Json> items) throws S3Exception {
        if (items.isEmpty()) {
            throw FormErrors.invalidPolicy("Invalid Condition: missing operation identifier.");
        }
        String operation = text(items.getFirst()).toLowerCase(Locale.ROOT);
        boolean known = operation.equals("eq") || operation.equals("starts-with") || operation.equals(LENGTH);
        if (!known) {
            throw FormErrors.invalidPolicy("Invalid Condition: unknown operation '" + operation + "'.");
        }
        if (items.size() != 3) {
            throw FormErrors.invalidPolicy("Invalid " + operation + ": wrong number of arguments.");
        }
        Json one = items.get(1);
        Json other = items.get(2);
        if (operation.equals(LENGTH)) {
            return length(number(one), number(other));
        }
        return operation.equals("eq")
                ? new PolicyCondition.Exact(text(one), text(other))
                : new PolicyCondition.StartsWith(text(one), text(other));
    }

    /** As it was written; the same in quotes means the same. */
    private static String number(Json value) throws S3Exception {
        if (!(value instanceof Json.Numeral(String literal))) {
            return text(value);
        }
        if (literal.startsWith("-")) {
            throw FormErrors.invalidPolicy("Invalid " + LENGTH + ": sizes must not be negative.");
        }
        if (!SIZE.matcher(literal).matches()) {
            throw invalidJson();
        }
        return literal;
    }

    private static PolicyCondition length(String min, String max) {
        boolean sizes = SIZE.matcher(min).matches() && SIZE.matcher(max).matches();
        return sizes
                ? new PolicyCondition.Length(new SizeRange(Long.parseLong(min), Long.parseLong(max)))
                : new PolicyCondition.Never(PolicyCondition.list(LENGTH, min, max));
    }
}
