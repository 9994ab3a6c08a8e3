package io.coffer.common.metadata;

/** A question to one group. */
public sealed interface Query<R extends Reply> permits SystemQuery, BucketQuery {}
