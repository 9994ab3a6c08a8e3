package io.coffer.metaserver.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.proto.metadata.CommandMessages.CommandBatch;
import io.coffer.proto.metadata.CommandMessages.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the tests of this package say to groups. */
final class Groups {
    static final ClusterId CLUSTER = ClusterId.parse("6f1c3a52-0d7e-4a8b-9c11-2f5d8e7a9b00");
    static final NodeId SELF = NodeId.parse("11111111-2222-3333-4444-555555555555");
    static final GroupId DATA = new GroupId(1);
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final RaftSettings SETTINGS = new RaftSettings(
            Duration.ofMillis(300), Duration.ofMillis(600), true, 64 << 10, 16 << 10, 32L << 20, 1_000_000, 10);

    private Groups() {}

    static RaftNode alone(Path directory) throws IOException {
        return alone(directory, SETTINGS);
    }

    static RaftNode alone(Path directory, RaftSettings settings) throws IOException {
        return RaftNode.start(
                RealFileSystem.at(directory),
                CLUSTER,
                SELF,
                Optional.empty(),
                settings,
                TextState::open,
                List.of(GroupSpec.alone(GroupId.SYSTEM, SELF), GroupSpec.alone(DATA, SELF)));
    }

    /** The group, once it leads. */
    static ConsensusGroup leading(RaftNode node, GroupId group) {
        ConsensusGroup member = node.group(group).orElseThrow();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(member::leads);
        return member;
    }

    static CompletableFuture<List<Outcome>> propose(ConsensusGroup group, String key, String etag) {
        return group.propose(batch(key, etag));
    }

    static void put(ConsensusGroup group, String key, String etag) throws Exception {
        assertThat(propose(group, key, etag).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .singleElement()
                .isInstanceOf(Outcome.Applied.class);
    }

    static String get(ConsensusGroup group, String key) throws Exception {
        group.readable().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Reply.ObjectReply reply =
                group.answer(new GetObject(partition(), key, VersionSelector.LATEST, BucketQuery.Window.NONE));
        return reply.version().etag();
    }

    static ByteBuffer batch(String key, String etag) {
        return batch(key, etag, 0);
    }

    static ByteBuffer batch(String key, String etag, int payload) {
        byte[] bytes = new byte[payload];
        Arrays.fill(bytes, (byte) 'x');
        PutObject put = new PutObject(
                partition(),
                key,
                new AccountId("000000000001"),
                etag,
                payload,
                null,
                new ObjectAttributes(Map.of(), Map.of()),
                new Payload.Inline(ByteBuffer.wrap(bytes)),
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
        return ByteBuffer.wrap(CommandBatch.newBuilder()
                .addEnvelopes(Envelope.newBuilder()
                        .setRequest(ValueCodec.encode(
                                new RequestId(1, UUID.randomUUID().getLeastSignificantBits())))
                        .setCommand(MetadataCodec.encode(put)))
                .build()
                .toByteArray());
    }

    private static PartitionRef partition() {
        return new PartitionRef(new BucketId(1), new PartitionId(1), 1);
    }
}
