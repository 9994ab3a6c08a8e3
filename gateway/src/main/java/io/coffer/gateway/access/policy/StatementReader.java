package io.coffer.gateway.access.policy;

import io.coffer.gateway.json.Json;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the statements of a bucket's policy. Used by one thread. */
final class StatementReader {
    private static final Set<String> ELEMENTS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");

    /** Keys that only these actions have; a statement that asks others for them is a mistake. */
    private static final Map<ConditionKey.Name, Set<String>> LISTING_KEYS = Map.of(
            ConditionKey.Name.S3_PREFIX, Set.of("s3:ListBucket", "s3:ListBucketVersions"),
            ConditionKey.Name.S3_DELIMITER, Set.of("s3:ListBucket", "s3:ListBucketVersions"),
            ConditionKey.Name.S3_MAX_KEYS, Set.of("s3:ListBucket", "s3:ListBucketVersions"));

    private final String bucket;
    private final boolean variables;

    /** @param variables whether the policy's version has variables */
    StatementReader(String bucket, boolean variables) {
        this.bucket = bucket;
        this.variables = variables;
    }

    Statement read(Json json) throws S3Exception {
        Map<String, Json> members = members(json);
        for (String name : members.keySet()) {
            if (!ELEMENTS.contains(name)) {
                throw Malformed.policy("Unknown field " + Malformed.echo(name));
            }
        }
        if (members.containsKey("Sid")) {
            text(members.get("Sid"));
        }
        boolean allows = allows(members);
        boolean exceptPrincipals = excludes(members, "Principal");
        boolean exceptActions = excludes(members, "Action");
        boolean exceptResources = excludes(members, "Resource");
        if (allows && exceptPrincipals) {
            throw Malformed.policy("Allow with NotPrincipal is not allowed.");
        }
        List<PrincipalName> principals = principals(value(members, "Principal", exceptPrincipals));
        List<String> patterns = texts(value(members, "Action", exceptActions));
        List<ResourcePattern> resources = resources(value(members, "Resource", exceptResources));
        Set<String> actions = new TreeSet<>();
        for (String pattern : patterns) {
            Set<String> meant = S3Actions.matching(pattern);
            if (meant.isEmpty()) {
                throw Malformed.policy("Policy has invalid action");
            }
            if (!exceptActions && !exceptResources) {
                requireSubject(meant, resources);
            }
            actions.addAll(meant);
        }
        List<Condition> conditions = conditions(members.get("Condition"));
        if (!exceptActions) {
            requireKeysApply(conditions, patterns);
        }
        return new Statement(
                allows, principals, exceptPrincipals, actions, exceptActions, resources, exceptResources, conditions);
    }

    private static boolean allows(Map<String, Json> members) throws S3Exception {
        Json effect = members.get("Effect");
        if (effect == null) {
            throw Malformed.policy("Missing required field Effect");
        }
        String text = text(effect);
        return switch (text) {
            case "Allow" -> true;
            case "Deny" -> false;
            default -> throw Malformed.policy("Invalid effect: " + Malformed.echo(text));
        };
    }

    /** Whether a statement says what it isn't about; it must say either. */
    private static boolean excludes(Map<String, Json> members, String name) throws S3Exception {
        boolean excludes = members.containsKey("Not" + name);
        if (excludes == members.containsKey(name)) {
            throw excludes ? Malformed.syntax() : Malformed.policy("Missing required field " + name);
        }
        return excludes;
    }

    private static Json value(Map<String, Json> members, String name, boolean excluded) {
        Json value = members.get(excluded ? "Not" + name : name);
        return value == null ? new Json.Nothing() : value;
    }

    private static List<PrincipalName> principals(Json json) throws S3Exception {
        if (json instanceof Json.Text(String text)) {
            if (!text.equals("*")) {
                throw Malformed.principal();
            }
            return List.of(new PrincipalName.Everyone());
        }
        if (!(json instanceof Json.Members(Map<String, Json> types)) || types.isEmpty()) {
            throw Malformed.principal();
        }
        List<PrincipalName> principals = new ArrayList<>();
        for (Map.Entry<String, Json> type : types.entrySet()) {
            for (String text : texts(type.getValue())) {
                principals.add(PrincipalName.parse(type.getKey(), text));
            }
        }
        return principals;
    }

    private List<ResourcePattern> resources(Json json) throws S3Exception {
        List<ResourcePattern> resources = new ArrayList<>();
        for (String arn : texts(json)) {
            resources.add(ResourcePattern.parse(arn, bucket, variables));
        }
        return resources;
    }

    private static void requireSubject(Set<String> actions, List<ResourcePattern> resources) throws S3Exception {
        for (String action : actions) {
            S3Actions.Scope scope = S3Actions.scope(action);
            if (scope != null && resources.stream().anyMatch(resource -> resource.takes(scope))) {
                return;
            }
        }
        throw Malformed.policy("Action does not apply to any resource(s) in statement");
    }

    private List<Condition> conditions(@Nullable Json json) throws S3Exception {
        List<Condition> conditions = new ArrayList<>();
        if (json == null) {
            return conditions;
        }
        for (Map.Entry<String, Json> block : members(json).entrySet()) {
            Condition.Form form = Condition.Form.parse(block.getKey());
            for (Map.Entry<String, Json> entry : members(block.getValue()).entrySet()) {
                ConditionKey key = ConditionKey.parse(entry.getKey())
                        .orElseThrow(() -> Malformed.policy("Policy has an invalid condition key"));
                List<ValueTest> values = new ArrayList<>();
                for (String value : scalars(entry.getValue())) {
                    values.add(ValueTest.of(form.operator(), value, variables));
                }
                conditions.add(new Condition(form.operator(), form.quantifier(), form.optional(), key, values));
            }
        }
        return conditions;
    }

    /** An action that is named must have every key that is asked of it, one of those that a wildcard means is enough. */
    private static void requireKeysApply(List<Condition> conditions, List<String> patterns) throws S3Exception {
        for (Condition condition : conditions) {
            Set<String> having = LISTING_KEYS.get(condition.key().name());
            if (having == null) {
                continue;
            }
            for (String pattern : patterns) {
                if (S3Actions.matching(pattern).stream().noneMatch(having::contains)) {
                    throw Malformed.policy(
                            "Conditions do not apply to combination of actions and resources in statement");
                }
            }
        }
    }

    private static Map<String, Json> members(Json json) throws S3Exception {
        if (json instanceof Json.Members(Map<String, Json> members)) {
            return members;
        }
        throw Malformed.syntax();
    }

    private static String text(@Nullable Json json) throws S3Exception {
        if (json instanceof Json.Text(String value)) {
            return value;
        }
        throw Malformed.syntax();
    }

    /** One text or several, at least one. */
    private static List<String> texts(Json json) throws S3Exception {
        if (!(json instanceof Json.Items(List<Json> items))) {
            return List.of(text(json));
        }
        if (items.isEmpty()) {
            throw Malformed.syntax();
        }
        List<String> texts = new ArrayList<>(items.size());
        for (Json item : items) {
            texts.add(text(item));
        }
        return texts;
    }

    /** The values of a condition, which may be written as what they are. */
    private static List<String> scalars(Json json) throws S3Exception {
        if (!(json instanceof Json.Items(List<Json> items))) {
            return List.of(scalar(json));
        }
        List<String> scalars = new ArrayList<>(items.size());
        for (Json item : items) {
            scalars.add(scalar(item));
        }
        return scalars;
    }

    private static String scalar(Json json) throws S3Exception {
        return switch (json) {
            case Json.Text(String value) -> value;
            case Json.Numeral(String literal) -> literal;
            case Json.Flag(boolean value) -> Boolean.toString(value);
            case Json.Members _, Json.Items _, Json.Nothing _ -> throw Malformed.syntax();
        };
    }
}
