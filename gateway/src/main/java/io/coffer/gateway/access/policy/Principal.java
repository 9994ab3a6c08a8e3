package io.coffer.gateway.access.policy;

import io.coffer.common.id.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, as policies name them. An account has no users beside itself, so it is known as its root and by its own name.
 *
 * @param account null for who is anonymous
 * @param canonicalId the account's; empty for who is anonymous
 * @param name the account's; empty for who is anonymous
 */
public record Principal(@Nullable AccountId account, String canonicalId, String name) {
    public static final Principal ANONYMOUS = new Principal(null, "", "");
}
