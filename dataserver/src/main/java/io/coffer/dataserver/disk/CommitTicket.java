package io.coffer.dataserver.disk;

/**
 * The right to commit one record.
 *
 * @param sequence the record's number on its disk
 * @param durableBefore every commit up to this one had finished when this began
 */
public record CommitTicket(long sequence, long durableBefore) {}
