package io.coffer.dataserver.format;

/** Where a record is: a segment, the generation it was formatted with, and the offset in its file. */
public record RecordPlace(long segment, long generation, long offset) {
    @Override
    public String toString() {
        return "segment %016x generation %d offset %d".formatted(segment, generation, offset);
    }
}
