package io.coffer.gateway.admin;

import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An authenticated request of a root account's.
 *
 * @param path decoded segments behind {@code /v1}
 * @param body as sent; empty when there was none
 */
record AdminRequest(Identity.Signed who, List<String> path, QueryParameters query, String body, JsonMapper json) {
    private static final int MAX_LIMIT = 1000;

    /** A string of the body's object. */
    String required(String name) throws AdminException {
        String value = optional(name);
        if (value.isEmpty()) {
            throw AdminException.invalid("'" + name + "' is missing");
        }
        return value;
    }

    /** A string of the body's object; empty when it isn't there. */
    String optional(String name) throws AdminException {
        JsonNode value = object().get(name);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw AdminException.invalid("'" + name + "' must be a string");
        }
        return value.asString();
    }

    /** A truth value of the body's object; false when it isn't there. */
    boolean flag(String name) throws AdminException {
        JsonNode value = object().get(name);
        if (value != null && !value.isBoolean()) {
            throw AdminException.invalid("'" + name + "' must be true or false");
        }
        return value != null && value.asBoolean();
    }

    private JsonNode object() throws AdminException {
        JsonNode object;
        try {
            object = json.readTree(body);
        } catch (JacksonException e) {
            throw AdminException.invalid("the body is not JSON");
        }
        if (object == null || !object.isObject()) {
            throw AdminException.invalid("the body must be a JSON object");
        }
        return object;
    }

    String parameter(String name) {
        String value = query.first(name);
        return value == null ? "" : value;
    }

    int limit() throws AdminException {
        String text = parameter("limit");
        if (text.isEmpty()) {
            return MAX_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw AdminException.invalid("'limit' must be 1 to " + MAX_LIMIT);
    }
}
