package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameEncoder;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.dataserver.chunk.OpenStore;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Callers that speak the protocol badly, or say nonsense in it. */
final class ServerConnectionSeededTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = 400;

    private static byte[] frame(FrameType type, int stream, @Nullable MessageLite head, byte[] body) {
        EmbeddedChannel channel = new EmbeddedChannel(FrameEncoder.INSTANCE);
        ByteBuf bytes = Unpooled.directBuffer().writeBytes(body);
        channel.writeOutbound(OutboundFrame.of(ChunkTransport.ALLOCATOR, type, stream, head, bytes));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            byte[] copy = new byte[part.readableBytes()];
            part.readBytes(copy);
            out.writeBytes(copy);
            part.release();
        }
        channel.finishAndReleaseAll();
        return out.toByteArray();
    }

    private static byte[] hello() {
        return frame(
                FrameType.HELLO,
                0,
                ChunkMessages.Hello.newBuilder()
                        .setVersion(1)
                        .setCluster(ClusterCodec.encode(OpenStore.CLUSTER.value()))
                        .build(),
                new byte[0]);
    }

    /** Something that a caller may say, with sense or not. */
    private static byte[] anything(OpenStore store, Random random) {
        int stream = random.nextInt(6);
        int length = random.nextInt(5) == 0 ? random.nextInt(200_000) : random.nextInt(500);
        ChunkMessages.Chunk chunk = random.nextInt(10) == 0
                ? ChunkMessages.Chunk.newBuilder().setVolume(random.nextLong()).build()
                : ChunkCodec.encode(store.address(random.nextInt(20)));
        byte[] nothing = new byte[0];
        return switch (random.nextInt(11)) {
            case 0, 1 ->
                frame(
                        FrameType.CREATE,
                        stream,
                        ChunkMessages.Create.newBuilder()
                                .setTimeoutMillis(random.nextInt(2000))
                                .setInfo(ChunkMessages.ChunkInfo.newBuilder()
                                        .setChunk(chunk)
                                        .setScheme(io.coffer.proto.metadata.ValueMessages.Scheme.newBuilder()
                                                .setCopies(random.nextInt(4)))
                                        .setLength(length)
                                        .setExtentLength(length - random.nextInt(50) / 49))
                                .build(),
                        nothing);
            case 2, 3, 4 -> frame(FrameType.DATA, stream, null, OpenStore.bytes(random.nextLong(), length));
            case 5 ->
                frame(
                        FrameType.COMMIT,
                        stream,
                        ChunkMessages.Commit.newBuilder()
                                .setTimeoutMillis(1000)
                                .addChecksums(random.nextInt())
                                .build(),
                        nothing);
            case 6 -> frame(FrameType.CANCEL, stream, null, nothing);
            case 7 ->
                frame(
                        FrameType.READ,
                        stream,
                        ChunkMessages.Read.newBuilder()
                                .setTimeoutMillis(random.nextInt(1000))
                                .setChunk(chunk)
                                .setOffset(random.nextInt(10) == 0 ? random.nextLong() : random.nextInt(100))
                                .setLength(random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(1000))
                                .build(),
                        nothing);
            case 8 ->
                frame(
                        FrameType.DELETE,
                        stream,
                        ChunkMessages.Delete.newBuilder()
                                .setTimeoutMillis(1000)
                                .addChunks(chunk)
                                .addChunks(chunk)
                                .build(),
                        nothing);
            case 9 ->
                frame(
                        FrameType.LIST,
                        stream,
                        ChunkMessages.List.newBuilder()
                                .setTimeoutMillis(1000)
                                .setDisk(ClusterCodec.encode(store.id().value()))
                                .setLimit(random.nextInt(20_000))
                                .setVolume(random.nextInt(10))
                                .build(),
                        nothing);
            default -> frame(FrameType.PING, 0, null, nothing);
        };
    }

    @Test
    void nonsenseHarmsNobody() throws Exception {
        Random random = new Random(SEED);
        try (OpenStore store = OpenStore.on(new CrashableFileSystem());
                Wire wire = Wire.to(store.store, null)) {
            byte[] hello = hello();
            for (int round = 0; round < ROUNDS; round++) {
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                said.writeBytes(hello);
                for (int i = random.nextInt(30); i >= 0; i--) {
                    said.writeBytes(anything(store, random));
                }
                byte[] bytes = said.toByteArray();
                if (random.nextBoolean()) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                int end = random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length;
                try (Socket socket =
                        new Socket("127.0.0.1", wire.server.address().getPort())) {
                    socket.getOutputStream().write(bytes, 0, end);
                    if (random.nextBoolean()) {
                        socket.shutdownOutput();
                        drain(socket.getInputStream());
                    }
                } catch (IOException e) {
                    // The server had enough.
                }
            }
            wire.awaitNothingHeld();
            assertThat(store.disk.counters().openWriters())
                    .as("-Dseed=%d", SEED)
                    .isZero();
            store.called = wire.chunks();
            store.put(store.address(1000), OpenStore.bytes(1, 300_000));
            assertThat(store.get(store.address(1000), 300_000)).isEqualTo(OpenStore.bytes(1, 300_000));
        }
    }

    private static void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int read = in.read(buffer);
        while (read >= 0) {
            read = in.read(buffer);
        }
    }

    @Test
    void moreThanTheWindowClosesTheConnection() throws Exception {
        try (OpenStore store = OpenStore.on(new CrashableFileSystem());
                Wire wire = Wire.to(store.store, null);
                Socket socket = new Socket("127.0.0.1", wire.server.address().getPort())) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            said.writeBytes(hello());
            said.writeBytes(frame(
                    FrameType.CREATE,
                    1,
                    ChunkMessages.Create.newBuilder()
                            .setTimeoutMillis(5000)
                            .setInfo(ChunkCodec.encode(OpenStore.descriptor(store.address(1), 900_000)))
                            .build(),
                    new byte[0]));
            byte[] data = frame(FrameType.DATA, 1, null, new byte[256 << 10]);
            for (int i = 0;
                    i < 5;
                    i++) { // a quarter more than the window, and there is no more credit than the chunk has bytes
                said.writeBytes(data);
            }
            socket.getOutputStream().write(said.toByteArray());
            long start = System.nanoTime();
            drain(socket.getInputStream());
            // Sooner than it closes those of whom it hears nothing.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            wire.awaitNothingHeld();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void aCallerOfAnotherClusterIsToldSo() throws Exception {
        try (OpenStore store = OpenStore.on(new CrashableFileSystem());
                Wire wire = Wire.to(store.store, null);
                Socket socket = new Socket("127.0.0.1", wire.server.address().getPort())) {
            byte[] wrong = frame(
                    FrameType.HELLO,
                    0,
                    ChunkMessages.Hello.newBuilder()
                            .setVersion(1)
                            .setCluster(ClusterCodec.encode(OpenStore.NODE.value()))
                            .build(),
                    new byte[0]);
            byte[] list = frame(
                    FrameType.DISKS,
                    1,
                    ChunkMessages.Disks.newBuilder().setTimeoutMillis(1000).build(),
                    new byte[0]);
            socket.getOutputStream().write(wrong);
            socket.getOutputStream().write(list);
            byte[] answer = socket.getInputStream().readAllBytes();
            int head = ByteBuffer.wrap(answer).getInt(8);
            assertThat(answer).hasSize(Relay.HEADER_BYTES + head);
            assertThat(answer[3]).isEqualTo((byte) 19);
            assertThat(ChunkMessages.Failure.parseFrom(ByteBuffer.wrap(answer, Relay.HEADER_BYTES, head))
                            .getMessage())
                    .contains("is of cluster " + OpenStore.CLUSTER);
        }
    }
}
