package io.coffer.metaserver.store;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.proto.metadata.RowMessages;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Rows of one plain value, and remembered outcomes. */
final class ScalarRows {
    static final Table.Codec<Long> NUMBER = new Table.Codec<>() {
        @Override
        public byte[] encode(Long value) {
            return Keys.number(value);
        }

        @Override
        public Long decode(byte[] bytes) {
            return ByteBuffer.wrap(bytes).getLong();
        }
    };

    static final Table.Codec<String> TEXT = new Table.Codec<>() {
        @Override
        public byte[] encode(String value) {
            return Keys.utf8(value);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    };

    static final Table.Codec<ByteBuffer> BYTES = new Table.Codec<>() {
        @Override
        public byte[] encode(ByteBuffer value) {
            byte[] bytes = new byte[value.remaining()];
            value.get(value.position(), bytes);
            return bytes;
        }

        @Override
        public ByteBuffer decode(byte[] bytes) {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
    };

    static final Table.Codec<Boolean> PRESENT = new Table.Codec<>() {
        @Override
        public byte[] encode(Boolean value) {
            return new byte[0];
        }

        @Override
        public Boolean decode(byte[] bytes) {
            return true;
        }
    };

    static final Table.Codec<Outcome> OUTCOME = new MessageCodec<>(
            RowMessages.RequestRow.parser(),
            outcome -> RowMessages.RequestRow.newBuilder()
                    .setOutcome(
                            switch (outcome) {
                                case Outcome.Applied applied -> MetadataCodec.success(applied.reply());
                                case Outcome.Refused refused -> MetadataCodec.refused(refused.why());
                            })
                    .build(),
            ScalarRows::outcome);

    private ScalarRows() {}

    private static Outcome outcome(RowMessages.RequestRow row) {
        try {
            return new Outcome.Applied(MetadataCodec.decode(row.getOutcome()));
        } catch (RefusedException e) {
            return new Outcome.Refused(e);
        }
    }
}
