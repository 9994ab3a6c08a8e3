package io.coffer.common.chunk.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Holds the bytes of docs/protocol/chunk-transport.md. */
final class FrameFormatTest {
    private static final String PING = "c0fe0103" + "00000000" + "00000000" + "00000000" + "00000000" + "b4dc2ea1";

    private static final ChunkDescriptor DESCRIPTOR = new ChunkDescriptor(
            new ChunkAddress(new DiskId(new UUID(0x1111, 0x2222)), new VolumeId(7), 3, new ExtentId(0x3333, 0x4444), 5),
            new ProtectionScheme.ErasureCoded(4, 2),
            1000,
            4000);

    private static String hex(OutboundFrame frame) {
        EmbeddedChannel channel = new EmbeddedChannel(FrameEncoder.INSTANCE);
        channel.writeOutbound(frame);
        StringBuilder hex = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            byte[] bytes = new byte[part.readableBytes()];
            part.readBytes(bytes);
            part.release();
            hex.append(HexFormat.of().formatHex(bytes));
        }
        channel.finishAndReleaseAll();
        return hex.toString();
    }

    @Test
    void aFrameIsThese() {
        assertThat(hex(OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.PING, 0)))
                .isEqualTo(PING);
        ByteBuf body = Unpooled.directBuffer().writeBytes(new byte[] {1, 2, 3});
        assertThat(hex(OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.DATA, 0x1234567, null, body)))
                .isEqualTo("c0fe0107" + "01234567" + "00000000" + "00000003" + "00000000" + "c1f75cf2" + "010203");
        assertThat(hex(OutboundFrame.of(
                        ChunkTransport.ALLOCATOR,
                        FrameType.CREATE,
                        2,
                        ChunkMessages.Create.newBuilder()
                                .setTimeoutMillis(500)
                                .setInfo(ChunkCodec.encode(DESCRIPTOR))
                                .build())))
                .isEqualTo("c0fe0105" + "00000002" + "00000041" + "00000000" + "99f41ae5" + "b5d8d40e"
                        + "08f403123c0a2e" + "0a12" + "091111000000000000112222000000000000" + "1007" + "1803" + "2212"
                        + "093333000000000000114444000000000000" + "2805" + "1204" + "10041802" + "18e807" + "20a01f");
    }

    @Test
    void everyTypeHasItsNumber() {
        List<Integer> codes = new ArrayList<>();
        for (FrameType type : FrameType.values()) {
            codes.add(type.code());
            assertThat(FrameType.of(type.code())).isSameAs(type);
        }
        assertThat(codes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
        assertThat(FrameType.of(0)).isNull();
        assertThat(FrameType.of(21)).isNull();
        assertThat(FrameType.of(-1)).isNull();
    }

    @Test
    void aDescriptorComesBack() {
        assertThat(ChunkCodec.decode(ChunkCodec.encode(DESCRIPTOR))).isEqualTo(DESCRIPTOR);
    }

    @Test
    void whatIsTooLongOrForTheOtherSideIsRefused() throws Exception {
        ByteBuf frame = Unpooled.buffer();
        frame.writerIndex(FrameHeader.BYTES);
        for (FrameType type : FrameType.values()) {
            FrameType.Sender other =
                    type.sender() == FrameType.Sender.CLIENT ? FrameType.Sender.SERVER : FrameType.Sender.CLIENT;
            FrameHeader.encode(frame, type, 1, type.maxBodyBytes());
            assertThat(FrameHeader.decode(header(frame), type.sender()).type()).isSameAs(type);
            assertThatThrownBy(() -> FrameHeader.decode(header(frame), other)).isInstanceOf(ProtocolException.class);
            FrameHeader.encode(frame, type, 1, type.maxBodyBytes() + 1);
            assertThatThrownBy(() -> FrameHeader.decode(header(frame), type.sender()))
                    .isInstanceOf(ProtocolException.class);
            FrameHeader.encode(frame, type, -1, 0);
            assertThatThrownBy(() -> FrameHeader.decode(header(frame), type.sender()))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    private static ByteBuffer header(ByteBuf frame) {
        return frame.nioBuffer(0, FrameHeader.BYTES);
    }

    @Test
    void everyFlippedBitOfAHeaderIsNoticed() throws Exception {
        byte[] ping = HexFormat.of().parseHex(PING);
        assertThat(FrameHeader.decode(ByteBuffer.wrap(ping), FrameType.Sender.CLIENT)
                        .type())
                .isSameAs(FrameType.PING);
        for (int bit = 0; bit < ping.length * 8; bit++) {
            byte[] damaged = ping.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> FrameHeader.decode(ByteBuffer.wrap(damaged), FrameType.Sender.CLIENT))
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
