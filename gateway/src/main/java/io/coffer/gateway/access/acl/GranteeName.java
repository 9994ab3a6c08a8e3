package io.coffer.gateway.access.acl;

/** To whom a client wants something granted, as it says so. */
public sealed interface GranteeName {
    record CanonicalId(String id) implements GranteeName {}

    record Email(String address) implements GranteeName {}

    record Uri(String uri) implements GranteeName {}
}
