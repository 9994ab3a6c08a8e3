package io.coffer.gateway.access.policy;

import io.coffer.common.id.AccountId;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.regex.Pattern;

/** A principal as a policy names it. */
public sealed interface PrincipalName {
    /** Everybody, anonymous requests too. */
    record Everyone() implements PrincipalName {}

    /** An account with all that is in it. */
    record OfAccount(AccountId account) implements PrincipalName {}

    /** @param name with its path */
    record User(AccountId account, String name) implements PrincipalName {}

    record CanonicalUser(String id) implements PrincipalName {}

    /** A service of Amazon's; none of them is here. */
    record Service(String name) implements PrincipalName {}

    /** Checks form only: whether an account exists is asked by who stores a policy. */
    static PrincipalName parse(String type, String text) throws S3Exception {
        return switch (type) {
            case "AWS" -> aws(text);
            case "CanonicalUser" -> {
                if (!Forms.CANONICAL.matcher(text).matches()) {
                    throw Malformed.principal();
                }
                yield new CanonicalUser(text);
            }
            case "Service" -> {
                if (!Forms.SERVICE.matcher(text).matches()) {
                    throw Malformed.principal();
                }
                yield new Service(text);
            }
            default -> throw Malformed.principal();
        };
    }

    private static PrincipalName aws(String text) throws S3Exception {
        if (text.equals("*")) {
            return new Everyone();
        }
        if (Forms.ACCOUNT.matcher(text).matches()) {
            return new OfAccount(new AccountId(text));
        }
        var arn = Forms.ARN.matcher(text);
        if (!arn.matches()) {
            throw Malformed.principal();
        }
        AccountId account = new AccountId(arn.group(1));
        String user = arn.group(2);
        return user == null ? new OfAccount(account) : new User(account, user);
    }

    default boolean matches(Principal who) {
        return switch (this) {
            case Everyone() -> true;
            case OfAccount(AccountId account) -> account.equals(who.account());
            case User(AccountId account, String name) -> account.equals(who.account()) && name.equals(who.name());
            case CanonicalUser(String id) -> id.equals(who.canonicalId());
            case Service(String _) -> false;
        };
    }

    /** How they are written. */
    final class Forms {
        private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
        private static final Pattern ARN =
                Pattern.compile("arn:aws:iam::([0-9]{12}):(?:root|user/([\\x21-\\x7e&&[^*?]]{1,576}))");
        private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{64}");
        private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,127}\\.amazonaws\\.com");

        private Forms() {}
    }
}
