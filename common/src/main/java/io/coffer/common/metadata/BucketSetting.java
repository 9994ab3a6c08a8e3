package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/** One of a bucket's small settings, with what it is to be. */
public sealed interface BucketSetting {
    /** Never {@link Versioning#UNVERSIONED}. */
    record Versions(Versioning versioning) implements BucketSetting {}

    /** Never off: what may be locked stays so. */
    record Locks(ObjectLock lock) implements BucketSetting {}

    /** @param ownership null to have none */
    record OwnershipControls(@Nullable ObjectOwnership ownership) implements BucketSetting {}

    /** @param block null to have none */
    record PublicAccess(@Nullable PublicAccessBlock block) implements BucketSetting {}

    record AccelerationSuspended() implements BucketSetting {}

    /** @param encryption null to have none */
    record Encrypted(@Nullable BucketEncryption encryption) implements BucketSetting {}
}
