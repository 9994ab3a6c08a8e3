package io.coffer.gateway.access.policy;

import io.coffer.gateway.json.Json;
import io.coffer.gateway.json.JsonException;
import io.coffer.gateway.json.JsonReader;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policy of one bucket, ready to be asked: what it denies is denied, whatever else it allows. Immutable, thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">the language</a>
 */
public final class BucketPolicy {
    /** Bytes of the longest policy. */
    public static final int MAX_BYTES = 20 << 10;

    private static final String NEWEST_VERSION = "2012-10-17";
    private static final String FIRST_VERSION = "2008-10-17";
    private static final Set<String> ELEMENTS = Set.of("Version", "Id", "Statement");

    private final String text;
    private final List<Statement> denials;
    private final List<Statement> permissions;
    private final boolean forEverybody;

    /** What a policy says of a request. */
    public enum Decision {
        ALLOWED,
        DENIED,
        /** Nothing. */
        UNDECIDED
    }

    private BucketPolicy(String text, List<Statement> statements) {
        this.text = text;
        this.denials =
                statements.stream().filter(statement -> !statement.allows()).toList();
        this.permissions = statements.stream().filter(Statement::allows).toList();
        this.forEverybody = permissions.stream().anyMatch(Statement::isPublic);
    }

    /**
     * Reads a policy as a client wrote it.
     *
     * @param bucket the name of the bucket that it is for
     * @throws S3Exception MalformedPolicy
     */
    public static BucketPolicy parse(ByteBuffer document, String bucket) throws S3Exception {
        if (document.remaining() > MAX_BYTES) {
            throw Malformed.policy("Policy exceeds the maximum allowed document size.");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(document.duplicate())
                    .toString();
        } catch (CharacterCodingException e) {
            throw Malformed.policy("This policy contains invalid Json");
        }
        Map<String, Json> members = members(text);
        for (String name : members.keySet()) {
            if (!ELEMENTS.contains(name)) {
                throw Malformed.policy("Unknown field " + Malformed.echo(name));
            }
        }
        if (members.containsKey("Id") && !(members.get("Id") instanceof Json.Text)) {
            throw Malformed.syntax();
        }
        StatementReader reader = new StatementReader(bucket, hasVariables(members.get("Version")));
        List<Statement> statements = new ArrayList<>();
        for (Json statement : statements(members.get("Statement"))) {
            statements.add(reader.read(statement));
        }
        return new BucketPolicy(text, statements);
    }

    private static Map<String, Json> members(String text) throws S3Exception {
        if (!text.stripLeading().startsWith("{")) {
            throw new S3Exception(S3Error.MALFORMED_POLICY);
        }
        try {
            if (JsonReader.read(text) instanceof Json.Members(Map<String, Json> members)) {
                return members;
            }
            throw Malformed.syntax();
        } catch (JsonException e) {
            String duplicate = e.duplicate();
            throw Malformed.policy(
                    duplicate == null
                            ? "This policy contains invalid Json"
                            : "Duplicate field " + Malformed.echo(duplicate));
        }
    }

    /**
     * Reads a policy as it was stored, which was read before it was. InternalError if it can't be any more: nobody is let in then, and
     * its owner can replace it.
     */
    public static BucketPolicy parseStored(ByteBuffer document, String bucket) throws S3Exception {
        try {
            return parse(document, bucket);
        } catch (S3Exception e) {
            throw new S3Exception(S3Error.INTERNAL_ERROR);
        }
    }

    /** Without a version a policy is of the first, in which variables are plain text. */
    private static boolean hasVariables(@Nullable Json version) throws S3Exception {
        return switch (version) {
            case null -> false;
            case Json.Text(String text) when text.equals(NEWEST_VERSION) -> true;
            case Json.Text(String text) when text.equals(FIRST_VERSION) -> false;
            default -> throw Malformed.policy("The policy must contain a valid version string");
        };
    }

    private static List<Json> statements(@Nullable Json json) throws S3Exception {
        return switch (json) {
            case null -> throw Malformed.policy("Missing required field Statement");
            case Json.Items(List<Json> items)
            when items.isEmpty() -> throw Malformed.policy("Could not parse the policy: Statement is empty!");
            case Json.Items(List<Json> items) -> items;
            default -> List.of(json);
        };
    }

    /**
     * What it says of an action.
     *
     * @param key of the object that is acted on; null for the bucket
     * @throws S3Exception when a fact that decides can't be told now
     */
    public Decision decide(Principal who, String action, @Nullable String key, PolicyFacts facts) throws S3Exception {
        for (Statement statement : denials) {
            if (statement.applies(who, action, key, facts)) {
                return Decision.DENIED;
            }
        }
        for (Statement statement : permissions) {
            if (statement.applies(who, action, key, facts)) {
                return Decision.ALLOWED;
            }
        }
        return Decision.UNDECIDED;
    }

    /** Whether it allows anything to people whom nobody has chosen: everybody, and no limit to addresses or other fixed values. */
    public boolean isPublic() {
        return forEverybody;
    }

    /** As the client wrote it. */
    public String text() {
        return text;
    }

    /** All that it names as principals. */
    public Set<PrincipalName> principals() {
        Set<PrincipalName> named = new LinkedHashSet<>();
        denials.forEach(statement -> named.addAll(statement.principals()));
        permissions.forEach(statement -> named.addAll(statement.principals()));
        return named;
    }
}
