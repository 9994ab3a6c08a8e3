package io.coffer.common.metadata;

/** Which grants to the public a bucket refuses to be given, and which it ignores. */
public record PublicAccessBlock(
        boolean blockPublicAcls, boolean ignorePublicAcls, boolean blockPublicPolicy, boolean restrictPublicBuckets) {}
