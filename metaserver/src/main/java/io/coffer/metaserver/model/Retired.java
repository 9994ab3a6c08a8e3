package io.coffer.metaserver.model;

import io.coffer.common.id.BucketId;
import org.jspecify.annotations.Nullable;

/**
 * What a removed version or replaced part consisted of. It is kept until no reader can be on it any more, then released.
 *
 * @param bucket null for a part
 * @param key empty for a part
 */
public record Retired(@Nullable BucketId bucket, String key, Content content) {}
