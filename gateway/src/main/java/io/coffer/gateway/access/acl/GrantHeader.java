package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.Locale;

/**
 * A header such as {@code x-amz-grant-read: id="…", emailAddress="…", uri="…"}; quotes may be missing. Its length is bounded by
 * that of all headers.
 */
final class GrantHeader {
    private final String name;
    private final String value;

    GrantHeader(String name, String value) {
        this.name = name;
        this.value = value;
    }

    void read(Permission permission, List<NamedGrant> grants) throws S3Exception {
        int at = 0;
        while (at <= value.length()) {
            int comma = end(at);
            grants.add(new NamedGrant(grantee(value.substring(at, comma).strip()), permission));
            at = comma + 1;
        }
    }

    /** The next comma outside of quotes. */
    private int end(int from) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return value.length();
    }

    private GranteeName grantee(String text) throws S3Exception {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw malformed();
        }
        String type = text.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        String named = unquoted(text.substring(equals + 1).strip());
        return switch (type) {
            case "id" -> new GranteeName.CanonicalId(named);
            case "uri" -> new GranteeName.Uri(named);
            case "emailaddress" -> new GranteeName.Email(named);
            default -> throw malformed();
        };
    }

    private String unquoted(String text) throws S3Exception {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        String inner = quoted ? text.substring(1, text.length() - 1) : text;
        if (inner.isEmpty() || inner.indexOf('"') >= 0) {
            throw malformed();
        }
        return inner;
    }

    private S3Exception malformed() {
        return AclErrors.invalid("Argument format not recognized", name, value);
    }
}
