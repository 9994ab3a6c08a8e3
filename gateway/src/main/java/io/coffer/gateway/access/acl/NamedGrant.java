package io.coffer.gateway.access.acl;

import io.coffer.common.metadata.AccessControlList.Permission;

/** A grant as a client asks for it; who is meant has to be found out. */
public record NamedGrant(GranteeName grantee, Permission permission) {}
