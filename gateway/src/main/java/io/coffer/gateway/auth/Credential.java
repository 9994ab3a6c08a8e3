package io.coffer.gateway.auth;

import io.coffer.common.metadata.Account;

/**
 * An access key that exists, with the secret that signs for it.
 *
 * @param enabled whether the key itself is; its account may be disabled all the same
 */
public record Credential(String accessKey, Secret secret, Account account, boolean enabled) {}
