package io.coffer.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Signing keys of version 4, which hold for a secret, a day, a region and a service. A key is remembered only after it has
 * verified a signature, so that strangers can't fill the cache. Thread-safe.
 */
final class SigningKeys {
    /** Enough for every active access key of a busy gateway; about 700 bytes each. */
    private static final int MAX_REMEMBERED = 4096;

    private static final byte[] PREFIX = "AWS4".getBytes(StandardCharsets.US_ASCII);

    private final ConcurrentHashMap<CredentialScope, Entry> remembered = new ConcurrentHashMap<>();

    private record Entry(Secret secret, HmacKey key) {}

    /** The remembered key, or null when there is none for this very secret. */
    @Nullable
    HmacKey find(CredentialScope scope, Secret secret) {
        Entry entry = remembered.get(scope);
        return entry != null && entry.secret.equals(secret) ? entry.key : null;
    }

    void remember(CredentialScope scope, Secret secret, HmacKey key) {
        if (remembered.size() >= MAX_REMEMBERED) {
            // Starting over costs each active key one derivation, a few microseconds, and needs no order of use.
            remembered.clear();
        }
        remembered.put(scope, new Entry(secret, key));
    }

    static HmacKey derive(CredentialScope scope, Secret secret) {
        byte[] bytes = secret.bytes();
        byte[] start = Arrays.copyOf(PREFIX, PREFIX.length + bytes.length);
        System.arraycopy(bytes, 0, start, PREFIX.length, bytes.length);
        HmacKey date = new HmacKey(new HmacKey(start).sign(utf8(scope.date())));
        HmacKey region = new HmacKey(date.sign(utf8(scope.region())));
        HmacKey service = new HmacKey(region.sign(utf8(scope.service())));
        return new HmacKey(service.sign(utf8(CredentialScope.TERMINATOR)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
