package io.coffer.common.metadata;

/** A change to one group's state, with every input it needs. */
public sealed interface Command<R extends Reply> permits SystemCommand, BucketCommand {}
