package io.coffer.gateway.kms;

import java.util.List;

/**
 * The root keys of a cluster.
 *
 * @param keys the first one wraps; the others unwrap what they wrapped before it took their place. None: the store offers no encryption
 *     with its own keys.
 * @param given whether somebody gave them to keep data secret; one that a process made beside its data encrypts only what asks for it
 */
public record RootKeys(List<RootKey> keys, boolean given) {
    public static final RootKeys NONE = new RootKeys(List.of(), false);

    public RootKeys {
        keys = List.copyOf(keys);
    }
}
