package io.coffer.dataserver.format;

import java.nio.ByteBuffer;

/** A record that nothing needs any more, to be erased. See docs/formats/chunk-index.md. */
public record DeadRecord(long number, RecordPlace place, long recordBytes) {
    private static final int BYTES = 32;

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(place.segment())
                .putLong(place.generation())
                .putLong(place.offset())
                .putLong(recordBytes);
        return out.array();
    }

    public static DeadRecord decode(long number, byte[] bytes) throws FormatException {
        if (bytes.length != BYTES) {
            throw new FormatException("index entry of a dead record isn't readable");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new DeadRecord(number, new RecordPlace(in.getLong(), in.getLong(), in.getLong()), in.getLong());
    }
}
