package io.coffer.metaserver.command;

import com.google.protobuf.CodedOutputStream;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.proto.metadata.CommandMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Batches to bytes and back; see {@code docs/formats/raft-log-entry.md}. */
public final class CommandBatchCodec {
    private CommandBatchCodec() {}

    /** The message of one command; its serialized size is what it adds to a batch, but for a few bytes of framing. */
    public static CommandMessages.Envelope message(CommandBatch.Envelope envelope) {
        return CommandMessages.Envelope.newBuilder()
                .setRequest(ValueCodec.encode(envelope.request()))
                .setCommand(MetadataCodec.encode(envelope.command()))
                .build();
    }

    public static ByteBuffer encode(CommandBatch batch) {
        List<CommandMessages.Envelope> envelopes =
                new ArrayList<>(batch.envelopes().size());
        for (CommandBatch.Envelope envelope : batch.envelopes()) {
            envelopes.add(message(envelope));
        }
        return encode(batch.stampMicros(), batch.elapsedMicros(), envelopes);
    }

    /** A batch of messages that {@link #message} made. Inline bytes are copied once, here. */
    public static ByteBuffer encode(long stampMicros, long elapsedMicros, List<CommandMessages.Envelope> envelopes) {
        CommandMessages.CommandBatch message = CommandMessages.CommandBatch.newBuilder()
                .setStampMicros(stampMicros)
                .setElapsedMicros(elapsedMicros)
                .addAllEnvelopes(envelopes)
                .build();
        byte[] bytes = new byte[message.getSerializedSize()];
        try {
            CodedOutputStream output = CodedOutputStream.newInstance(bytes);
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("an array can't fail", e);
        }
        return ByteBuffer.wrap(bytes);
    }

    /**
     * The batch in the remaining bytes; inline bytes are views of them.
     *
     * @throws IllegalArgumentException if the bytes aren't a batch
     */
    public static CommandBatch decode(ByteBuffer bytes) {
        CommandMessages.CommandBatch message = MetadataCodec.parse(CommandMessages.CommandBatch.parser(), bytes);
        List<CommandBatch.Envelope> envelopes = new ArrayList<>(message.getEnvelopesCount());
        for (CommandMessages.Envelope envelope : message.getEnvelopesList()) {
            envelopes.add(new CommandBatch.Envelope(
                    ValueCodec.request(envelope.getRequest()), MetadataCodec.decode(envelope.getCommand())));
        }
        return new CommandBatch(message.getStampMicros(), message.getElapsedMicros(), envelopes);
    }
}
