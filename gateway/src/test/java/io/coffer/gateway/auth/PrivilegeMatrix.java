package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.Target;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One operation against every asker and every setting of a bucket. */
public final class PrivilegeMatrix {
    private static final Circumstances PLAIN = new Circumstances(
            "GET", QueryParameters.EMPTY, Headers.EMPTY, new InetSocketAddress("192.0.2.7", 1234), null, 0);

    private static final Map<Who, Identity> IDENTITIES = new EnumMap<>(Who.class);

    static {
        for (Who who : Who.values()) {
            IDENTITIES.put(who, who.identity());
        }
    }

    private final OperationSpec spec;
    private final List<Need> needs;
    private final Target target;
    private final FakeResources resources = new FakeResources();
    private int cells;

    /**
     * An action that an operation needs.
     *
     * @param action as policies name it
     * @param onVersion the same where a request names a version
     * @param grant {@code bucket:READ} and such, or a dash
     */
    public record Need(String action, String onVersion, String grant) {
        public static Need parse(String actions, String grant) {
            String[] names = actions.split("/", 2);
            return new Need(names[0], names[names.length - 1], grant);
        }
    }

    public PrivilegeMatrix(OperationSpec spec, List<Need> needs) {
        this.spec = spec;
        this.needs = List.copyOf(needs);
        this.target = isOfObject() ? new Target.ObjectTarget("bucket", "key") : new Target.BucketTarget("bucket");
    }

    private enum Who {
        OWNER("1"),
        FRIEND("2"),
        STRANGER("3"),
        NOBODY("");

        final String digit;

        Who(String digit) {
            this.digit = digit;
        }

        Identity identity() {
            return this == NOBODY ? Identity.ANONYMOUS : new Identity.Signed(account(), "KEY");
        }

        Account account() {
            return new Account(
                    new AccountId("00000000000" + digit), digit.repeat(64), "name" + digit, "", false, true, 0);
        }
    }

    /** To whom something is granted, or what a policy's principal is. */
    private enum Circle {
        NONE,
        FRIEND,
        ACCOUNTS,
        EVERYBODY;

        boolean has(Who who) {
            return switch (this) {
                case NONE -> false;
                case FRIEND -> who == Who.FRIEND;
                case ACCOUNTS -> who != Who.NOBODY;
                case EVERYBODY -> true;
            };
        }

        Grantee grantee() {
            return switch (this) {
                case NONE -> new Grantee.LogDelivery();
                case FRIEND -> new Grantee.User(Who.FRIEND.account().canonicalId());
                case ACCOUNTS -> new Grantee.AuthenticatedUsers();
                case EVERYBODY -> new Grantee.AllUsers();
            };
        }
    }

    private enum Block {
        NONE,
        IGNORE_OF_BUCKET,
        IGNORE_OF_ACCOUNT,
        RESTRICT_OF_BUCKET,
        RESTRICT_OF_ACCOUNT
    }

    /** A policy of at most one permission and one denial, for the operation's own actions or others. */
    private record Rules(Circle allowed, boolean allowsTheseActions, Circle denied) {
        boolean isPublic() {
            return allowed == Circle.EVERYBODY;
        }

        boolean exists() {
            return allowed != Circle.NONE || denied != Circle.NONE;
        }
    }

    /** Asks about every cell; returns how many there were. */
    public int check() throws S3Exception {
        assertThat(spec.actions())
                .as(spec.name())
                .isEqualTo(needs.stream().map(Need::action).collect(Collectors.toSet()));
        check(null, List.of(AclMode.values()));
        if (isOfObject()) {
            check("a-version", List.of(AclMode.FULL));
        }
        return cells;
    }

    private void check(@Nullable String versionId, List<AclMode> modes) throws S3Exception {
        for (Rules rules : rules()) {
            resources.policyOf("bucket", policy(rules, versionId != null));
            for (AclMode mode : modes) {
                Authorizer authorizer = new Authorizer(resources, mode);
                for (ObjectOwnership ownership : ObjectOwnership.values()) {
                    for (Block block : Block.values()) {
                        resources.accountBlock = block(block, true);
                        Setting setting = new Setting(mode, ownership, block, rules, versionId);
                        checkGrants(authorizer, setting, bucket(setting));
                    }
                }
            }
        }
    }

    private static List<Rules> rules() {
        List<Rules> all = new ArrayList<>();
        for (Circle allowed : List.of(Circle.NONE, Circle.FRIEND, Circle.EVERYBODY)) {
            for (Circle denied : List.of(Circle.NONE, Circle.FRIEND, Circle.EVERYBODY)) {
                all.add(new Rules(allowed, true, denied));
                all.add(new Rules(allowed, false, denied));
            }
        }
        return all;
    }

    /** What is set of a bucket beside grants, and which version is asked for. */
    private record Setting(
            AclMode mode,
            ObjectOwnership ownership,
            Block block,
            Rules rules,
            @Nullable String versionId) {
        boolean grantsCount() {
            return mode != AclMode.DISABLED && ownership != ObjectOwnership.BUCKET_OWNER_ENFORCED;
        }
    }

    /**
     * @param writer who owns the object
     * @param place where it stands: on the bucket, on the object or nowhere
     */
    private record Granted(Who writer, String place, Circle circle, Permission permission) {}

    private static Bucket bucket(Setting setting) {
        return new Bucket(
                new BucketId(1),
                "bucket",
                Who.OWNER.account().id(),
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                "",
                List.of(),
                BucketSettings.UNSET
                        .with(new BucketSetting.OwnershipControls(setting.ownership))
                        .with(new BucketSetting.PublicAccess(block(setting.block, false))));
    }

    private void checkGrants(Authorizer authorizer, Setting setting, Bucket bucket) throws S3Exception {
        for (Who writer : isOfObject() ? List.of(Who.OWNER, Who.FRIEND) : List.of(Who.OWNER)) {
            checkCell(authorizer, setting, bucket, new Granted(writer, "nowhere", Circle.NONE, Permission.READ));
            for (String place : List.of("bucket", "object")) {
                for (Circle circle : Circle.values()) {
                    for (Permission permission : Permission.values()) {
                        checkCell(authorizer, setting, bucket, new Granted(writer, place, circle, permission));
                    }
                }
            }
        }
    }

    private void checkCell(Authorizer authorizer, Setting setting, Bucket bucket, Granted granted) throws S3Exception {
        AccessControlList acl = new AccessControlList(List.of(new Grant(granted.circle.grantee(), granted.permission)));
        resources.bucketAcl = granted.place.equals("bucket") ? acl : null;
        resources.put("key", granted.writer.account().id(), granted.place.equals("object") ? acl : null, Map.of());
        for (Who who : Who.values()) {
            AccessRequest request =
                    new AccessRequest(IDENTITIES.get(who), spec.actions(), target, bucket, PLAIN, setting.versionId);
            boolean allowed = authorizer.ask(request) != null;
            cells++;
            if (allowed != expected(setting, granted, who)) {
                throw new AssertionError(
                        "%s by %s is %s: %s, %s".formatted(spec.name(), who, allowed, setting, granted));
            }
            if (allowed && spec.decidesItself()) {
                authorizer.requirePossible(request);
            }
        }
    }

    /** From the rules as Amazon describes them, and nothing of the evaluator's. */
    private boolean expected(Setting setting, Granted granted, Who who) {
        Rules rules = setting.rules;
        boolean aboutPolicy = Set.of("PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy")
                .contains(spec.name());
        if (who == Who.OWNER && aboutPolicy) {
            return true;
        }
        boolean restricted = setting.block == Block.RESTRICT_OF_BUCKET || setting.block == Block.RESTRICT_OF_ACCOUNT;
        if (rules.denied.has(who) || restricted && rules.isPublic() && who != Who.OWNER) {
            return false;
        }
        return needs.stream().allMatch(need -> isMet(need, setting, granted, who));
    }

    private static boolean isMet(Need need, Setting setting, Granted granted, Who who) {
        String[] needed = need.grant.split(":", -1);
        boolean ofObject = needed[0].equals("object");
        boolean objectsHaveOwners = setting.mode == AclMode.FULL && setting.grantsCount();
        boolean policiesDecide = !ofObject || !objectsHaveOwners || granted.writer == Who.OWNER;
        boolean allowed = who == Who.OWNER || setting.rules.allowed.has(who) && setting.rules.allowsTheseActions;
        if (policiesDecide && allowed) {
            return true;
        }
        if (!setting.grantsCount() || need.grant.equals("-")) {
            return false;
        }
        if (ofObject && objectsHaveOwners && who == granted.writer) {
            boolean always = needed[1].endsWith("ACP");
            if (always || !granted.place.equals("object")) {
                return true;
            }
        }
        boolean ignored = (setting.block == Block.IGNORE_OF_BUCKET || setting.block == Block.IGNORE_OF_ACCOUNT)
                && (granted.circle == Circle.ACCOUNTS || granted.circle == Circle.EVERYBODY);
        if (ignored || !granted.circle.has(who)) {
            return false;
        }
        if (needed[0].equals("own") && (who != granted.writer || setting.versionId != null)) {
            return false;
        }
        String where = ofObject && setting.mode == AclMode.FULL ? "object" : "bucket";
        return granted.place.equals(where)
                && (granted.permission.name().equals(needed[1]) || granted.permission == Permission.FULL_CONTROL);
    }

    private boolean isOfObject() {
        // A form names its key in its body.
        boolean form = spec.name().equals("PostObject");
        return spec.route().kind() == Route.Kind.OBJECT || form || spec.decidesItself();
    }

    private @Nullable String policy(Rules rules, boolean onVersion) {
        if (!rules.exists()) {
            return null;
        }
        List<String> statements = new ArrayList<>();
        String own = needs.stream()
                .map(need -> '"' + (onVersion ? need.onVersion : need.action) + '"')
                .collect(Collectors.joining(",", "[", "]"));
        String resource = isOfObject() ? "arn:aws:s3:::bucket/*" : "arn:aws:s3:::bucket";
        if (rules.allowed != Circle.NONE) {
            String name = rules.allowsTheseActions ? "Action" : "NotAction";
            statements.add(statement("Allow", rules.allowed, name, own, resource));
        }
        if (rules.denied != Circle.NONE) {
            statements.add(statement("Deny", rules.denied, "Action", own, resource));
        }
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    private static String statement(String effect, Circle circle, String name, String actions, String resource) {
        String principal = circle == Circle.FRIEND ? "{\"AWS\":\"000000000002\"}" : "\"*\"";
        return "{\"Effect\":\"%s\",\"Principal\":%s,\"%s\":%s,\"Resource\":\"%s\"}"
                .formatted(effect, principal, name, actions, resource);
    }

    private static @Nullable PublicAccessBlock block(Block block, boolean ofAccount) {
        return switch (block) {
            case NONE -> null;
            case IGNORE_OF_BUCKET -> ofAccount ? null : new PublicAccessBlock(false, true, false, false);
            case IGNORE_OF_ACCOUNT ->
                ofAccount
                        ? new PublicAccessBlock(false, true, false, false)
                        : new PublicAccessBlock(true, false, true, false);
            case RESTRICT_OF_BUCKET ->
                ofAccount
                        ? new PublicAccessBlock(true, false, false, false)
                        : new PublicAccessBlock(false, false, false, true);
            case RESTRICT_OF_ACCOUNT -> ofAccount ? new PublicAccessBlock(false, false, false, true) : null;
        };
    }

    /** What needs no bucket is for every account, and for nobody else. */
    public static void checkService(OperationSpec spec) throws S3Exception {
        Authorizer authorizer = new Authorizer(new FakeResources(), AclMode.FULL);
        for (Who who : Who.values()) {
            AccessRequest request =
                    new AccessRequest(who.identity(), spec.actions(), new Target.Service(), null, PLAIN, null);
            assertThat(authorizer.ask(request) != null)
                    .as("%s by %s", spec.name(), who)
                    .isEqualTo(who != Who.NOBODY);
        }
    }
}
