package io.coffer.common.metadata.wire;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.proto.metadata.ValueMessages;

/** Access control lists. */
final class AclCodec {
    private AclCodec() {}

    static ValueMessages.AccessControlList encode(AccessControlList acl) {
        ValueMessages.AccessControlList.Builder m = ValueMessages.AccessControlList.newBuilder();
        acl.grants().forEach(grant -> m.addGrants(encode(grant)));
        return m.build();
    }

    private static ValueMessages.Grant encode(Grant grant) {
        ValueMessages.Grant.Builder m = ValueMessages.Grant.newBuilder().setPermission(encode(grant.permission()));
        switch (grant.grantee()) {
            case Grantee.User(String canonicalId) -> m.setCanonicalId(canonicalId);
            case Grantee.AllUsers() -> m.setGroup(ValueMessages.GranteeGroup.ALL_USERS);
            case Grantee.AuthenticatedUsers() -> m.setGroup(ValueMessages.GranteeGroup.AUTHENTICATED_USERS);
            case Grantee.LogDelivery() -> m.setGroup(ValueMessages.GranteeGroup.LOG_DELIVERY);
        }
        return m.build();
    }

    static AccessControlList decode(ValueMessages.AccessControlList m) {
        return new AccessControlList(
                m.getGrantsList().stream().map(AclCodec::decode).toList());
    }

    private static Grant decode(ValueMessages.Grant m) {
        Grantee grantee = switch (m.getGranteeCase()) {
            case CANONICAL_ID -> new Grantee.User(m.getCanonicalId());
            case GROUP -> decode(m.getGroup());
            case GRANTEE_NOT_SET -> throw new IllegalArgumentException("a grant to nobody");
        };
        return new Grant(grantee, decode(m.getPermission()));
    }

    private static Grantee decode(ValueMessages.GranteeGroup m) {
        return switch (m) {
            case ALL_USERS -> new Grantee.AllUsers();
            case AUTHENTICATED_USERS -> new Grantee.AuthenticatedUsers();
            case LOG_DELIVERY -> new Grantee.LogDelivery();
            case NO_GROUP, UNRECOGNIZED -> throw new IllegalArgumentException("unknown group of grantees");
        };
    }

    private static ValueMessages.Permission encode(Permission permission) {
        return switch (permission) {
            case READ -> ValueMessages.Permission.READ;
            case WRITE -> ValueMessages.Permission.WRITE;
            case READ_ACP -> ValueMessages.Permission.READ_ACP;
            case WRITE_ACP -> ValueMessages.Permission.WRITE_ACP;
            case FULL_CONTROL -> ValueMessages.Permission.FULL_CONTROL;
        };
    }

    private static Permission decode(ValueMessages.Permission m) {
        return switch (m) {
            case READ -> Permission.READ;
            case WRITE -> Permission.WRITE;
            case READ_ACP -> Permission.READ_ACP;
            case WRITE_ACP -> Permission.WRITE_ACP;
            case FULL_CONTROL -> Permission.FULL_CONTROL;
            case NO_PERMISSION, UNRECOGNIZED -> throw new IllegalArgumentException("unknown permission");
        };
    }
}
