package io.coffer.common.metadata.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.QueryMessages;
import io.coffer.proto.metadata.ReplyMessages;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Commands, queries and replies to messages and back. Encoding equal records gives equal bytes. Decoding a message that no
 * encoder made is an {@link IllegalArgumentException}. Inline bytes are views, never copies, in both directions: what was
 * given to encode, and the message that was decoded, must not change afterwards.
 */
public final class MetadataCodec {
    private MetadataCodec() {}

    public static CommandMessages.Command encode(Command<?> command) {
        return CommandCodec.encode(command);
    }

    public static Command<?> decode(CommandMessages.Command message) {
        return CommandCodec.decode(message);
    }

    public static QueryMessages.Query encode(Query<?> query) {
        return QueryCodec.encode(query);
    }

    public static Query<?> decode(QueryMessages.Query message) {
        return QueryCodec.decode(message);
    }

    public static ReplyMessages.Reply encode(Reply reply) {
        return ReplyCodec.encode(reply);
    }

    public static Reply decode(ReplyMessages.Reply message) {
        return ReplyCodec.decode(message);
    }

    public static ReplyMessages.Outcome success(Reply reply) {
        return ReplyMessages.Outcome.newBuilder().setReply(encode(reply)).build();
    }

    public static ReplyMessages.Outcome refused(RefusedException refused) {
        return ReplyMessages.Outcome.newBuilder()
                .setRefused(ReplyMessages.Refused.newBuilder()
                        .setRefusal(ValueCodec.encode(refused.refusal()))
                        .setDetail(refused.detail()))
                .build();
    }

    /** The reply, or the refusal as it was thrown. */
    public static Reply decode(ReplyMessages.Outcome message) throws RefusedException {
        return switch (message.getOutcomeCase()) {
            case REPLY -> decode(message.getReply());
            case REFUSED -> {
                Refusal refusal = ValueCodec.decode(message.getRefused().getRefusal());
                if (refusal == null) {
                    throw new IllegalArgumentException("refused without a refusal");
                }
                throw new RefusedException(refusal, message.getRefused().getDetail());
            }
            case OUTCOME_NOT_SET -> throw new IllegalArgumentException("an empty outcome");
        };
    }

    /** Parses the remaining bytes, whose byte fields become views of {@code bytes}. */
    public static <M> M parse(Parser<M> parser, ByteBuffer bytes) {
        ByteString whole = UnsafeByteOperations.unsafeWrap(bytes);
        CodedInputStream input = whole.newCodedInput();
        input.enableAliasing(true);
        try {
            M message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (IOException e) {
            throw new IllegalArgumentException("not such a message", e);
        }
    }
}
