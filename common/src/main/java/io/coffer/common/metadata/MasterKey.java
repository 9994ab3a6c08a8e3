package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * A key of the key store: it wraps the keys of data. Rotating it adds a version; earlier ones go on to open what they have wrapped.
 *
 * @param account whose it is
 * @param alias with {@code alias/} before it; empty for none
 * @param versions by ascending number, at least one; the last one wraps
 * @param neededFrom no data is wrapped with earlier versions; 1 where nobody has looked
 */
public record MasterKey(
        UUID id,
        AccountId account,
        String region,
        String description,
        String alias,
        boolean enabled,
        long createdMillis,
        List<Version> versions,
        int neededFrom) {
    public MasterKey {
        versions = List.copyOf(versions);
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("a key without a version");
        }
    }

    /**
     * The key's bytes, wrapped with a root key.
     *
     * @param number from 1
     * @param root which root key has wrapped them
     */
    public record Version(int number, long createdMillis, String root, ByteBuffer wrapped) {
        public Version {
            wrapped = wrapped.asReadOnlyBuffer();
        }
    }

    public Version newest() {
        return versions.getLast();
    }

    /** Its name at Amazon: what its users are told of it. */
    public String arn() {
        return arnPrefix() + "key/" + id;
    }

    /** What its ARN, and that of its alias, begins with. */
    public String arnPrefix() {
        return "arn:aws:kms:" + region + ":" + account.value() + ":";
    }

    public MasterKey withEnabled(boolean now) {
        return new MasterKey(id, account, region, description, alias, now, createdMillis, versions, neededFrom);
    }

    public MasterKey withVersions(List<Version> now) {
        return new MasterKey(id, account, region, description, alias, enabled, createdMillis, now, neededFrom);
    }

    /** Never lower than it was: nothing brings data of earlier versions back. */
    public MasterKey withNeededFrom(int version) {
        return new MasterKey(
                id,
                account,
                region,
                description,
                alias,
                enabled,
                createdMillis,
                versions,
                Math.max(neededFrom, version));
    }
}
