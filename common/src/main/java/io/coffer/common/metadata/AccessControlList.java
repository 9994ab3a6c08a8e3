package io.coffer.common.metadata;

import java.util.List;

/** Who may do what with a bucket or an object, beside what policies say. Who owns it is told elsewhere. */
public record AccessControlList(List<Grant> grants) {
    /** More than these are in no list: Amazon's bound. */
    public static final int MAX_GRANTS = 100;

    public AccessControlList {
        if (grants.size() > MAX_GRANTS) {
            throw new IllegalArgumentException("too many grants: " + grants.size());
        }
        grants = List.copyOf(grants);
    }

    /** What is granted. */
    public enum Permission {
        READ,
        WRITE,
        READ_ACP,
        WRITE_ACP,
        FULL_CONTROL;

        /** Whether who has this has the other one too. */
        public boolean includes(Permission other) {
            return this == FULL_CONTROL || this == other;
        }
    }

    /** To whom. */
    public sealed interface Grantee {
        /** @param canonicalId of the account */
        record User(String canonicalId) implements Grantee {}

        /** Everybody, signed requests or not. */
        record AllUsers() implements Grantee {}

        /** Every account there is. */
        record AuthenticatedUsers() implements Grantee {}

        /** Those who deliver access logs. */
        record LogDelivery() implements Grantee {}
    }

    public record Grant(Grantee grantee, Permission permission) {}
}
