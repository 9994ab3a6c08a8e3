package io.coffer.common.metadata.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.QueryMessages;
import io.coffer.proto.metadata.ReplyMessages;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MetadataCodecTest {
    private static final int ROUNDS = 200;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final RandomRecords records = new RandomRecords(new SplittableRandom(seed));

    static Stream<Class<?>> commands() {
        return RandomRecords.leaves(Command.class).stream();
    }

    static Stream<Class<?>> queries() {
        return RandomRecords.leaves(Query.class).stream();
    }

    static Stream<Class<?>> replies() {
        return RandomRecords.leaves(Reply.class).stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyFieldOfACommandSurvives(Class<? extends Command<?>> type) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Command<?> command = records.instance(type);
            byte[] bytes = MetadataCodec.encode(command).toByteArray();
            assertThat(MetadataCodec.decode(CommandMessages.Command.parseFrom(bytes)))
                    .as("seed %s", seed)
                    .isEqualTo(command);
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void everyFieldOfAQuerySurvives(Class<? extends Query<?>> type) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Query<?> query = records.instance(type);
            byte[] bytes = MetadataCodec.encode(query).toByteArray();
            assertThat(MetadataCodec.decode(QueryMessages.Query.parseFrom(bytes)))
                    .as("seed %s", seed)
                    .isEqualTo(query);
        }
    }

    @ParameterizedTest
    @MethodSource("replies")
    void everyFieldOfAReplySurvives(Class<? extends Reply> type) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Reply reply = records.instance(type);
            byte[] bytes = MetadataCodec.success(reply).toByteArray();
            assertThat(MetadataCodec.decode(ReplyMessages.Outcome.parseFrom(bytes)))
                    .as("seed %s", seed)
                    .isEqualTo(reply);
        }
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalSurvives(Refusal refusal) {
        ReplyMessages.Outcome message = MetadataCodec.refused(new RefusedException(refusal, "detail"));
        assertThatThrownBy(() -> MetadataCodec.decode(message)).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.refusal()).isEqualTo(refusal);
            assertThat(e.detail()).isEqualTo("detail");
        });
    }

    @Test
    void attributesHaveOneEncodingWhateverTheirOrder() {
        ObjectAttributes attributes =
                new ObjectAttributes(Map.of("content-type", "a", "expires", "b"), Map.of("z", "1", "b", "2", "a", "3"));
        assertThat(ValueCodec.encode(attributes).getUserMetadataList())
                .extracting(attribute -> attribute.getName())
                .containsExactly("a", "b", "z");
    }

    @Test
    void inlineBytesOfAParsedMessageAreAViewOfIt() {
        Payload payload = new Payload.Inline(ByteBuffer.wrap("0123456789".getBytes()));
        byte[] entry = MetadataCodec.encode(put(payload)).toByteArray();
        BucketCommand.PutObject decoded = (BucketCommand.PutObject)
                MetadataCodec.decode(MetadataCodec.parse(CommandMessages.Command.parser(), ByteBuffer.wrap(entry)));
        ByteBuffer inline = ((Payload.Inline) decoded.payload()).bytes();
        assertThat(inline).isEqualTo(ByteBuffer.wrap("0123456789".getBytes()));
        for (int i = 0; i < entry.length; i++) {
            if (entry[i] == '0') {
                entry[i] = 'X';
            }
        }
        assertThat(inline.get(inline.position())).isEqualTo((byte) 'X');
    }

    @Test
    void anEmptyOrTruncatedMessageIsRefused() {
        assertThatThrownBy(() -> MetadataCodec.decode(CommandMessages.Command.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] whole = MetadataCodec.encode(put(new Payload.Inline(ByteBuffer.allocate(10))))
                .toByteArray();
        ByteBuffer half = ByteBuffer.wrap(whole, 0, whole.length - 3);
        assertThatThrownBy(() -> MetadataCodec.parse(CommandMessages.Command.parser(), half))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static BucketCommand.PutObject put(Payload payload) {
        return new BucketCommand.PutObject(
                new PartitionRef(new BucketId(1), new PartitionId(1), 1),
                "key",
                new AccountId("123456789012"),
                "d41d8cd98f00b204e9800998ecf8427e",
                10,
                null,
                ObjectAttributes.EMPTY,
                payload,
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
    }
}
