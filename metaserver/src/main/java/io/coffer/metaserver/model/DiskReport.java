package io.coffer.metaserver.model;

/**
 * What a disk last said of itself.
 *
 * @param sequence of its last durable commit, the highest it ever named
 * @param reportedMillis when, by the group's clock
 */
public record DiskReport(long sequence, long reportedMillis) {}
