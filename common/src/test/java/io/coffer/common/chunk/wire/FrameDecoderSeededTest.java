package io.coffer.common.chunk.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames cut anywhere come out whole; frames damaged anywhere close the connection or come out whole, and leave nothing behind. */
final class FrameDecoderSeededTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int ROUNDS = 500;

    /** Writes down what comes. */
    private static final class Recorder implements FrameReceiver {
        final List<String> frames = new ArrayList<>();
        String closed = "";
        private int bodyLeft;
        private int bodyHash;
        private String front = "";

        @Override
        public void frame(FrameType type, int stream, ByteBuffer head, int bodyBytes) {
            assertThat(bodyLeft).isZero();
            front = type + " " + stream + " " + head.hashCode() + " " + bodyBytes;
            bodyLeft = bodyBytes;
            bodyHash = 1;
            if (bodyBytes == 0) {
                frames.add(front);
            }
        }

        @Override
        public void body(ByteBuf piece, boolean last) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            bodyLeft -= bytes.length;
            for (byte one : bytes) {
                bodyHash = 31 * bodyHash + one;
            }
            assertThat(last).isEqualTo(bodyLeft == 0);
            if (last) {
                frames.add(front + " " + bodyHash);
            }
        }

        @Override
        public void pause() {}

        @Override
        public void closed(String why) {
            assertThat(closed).isEmpty();
            closed = why;
        }
    }

    private static byte[] frames(Random random, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            FrameType type = random.nextBoolean() ? FrameType.DATA : FrameType.DELETE;
            ByteBuf frame = Unpooled.buffer();
            frame.writerIndex(FrameHeader.BYTES);
            byte[] rest = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(3000)];
            random.nextBytes(rest);
            if (type == FrameType.DELETE) {
                frame.writeBytes(rest);
            }
            FrameHeader.encode(frame, type, random.nextInt(1000), type == FrameType.DATA ? rest.length : 0);
            if (type == FrameType.DATA) {
                frame.writeBytes(rest);
            }
            out.writeBytes(java.util.Arrays.copyOf(frame.array(), frame.writerIndex()));
        }
        return out.toByteArray();
    }

    private static Recorder decode(byte[] bytes, Random random) {
        Recorder recorder = new Recorder();
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(FrameType.Sender.CLIENT, recorder));
        List<ByteBuf> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(random.nextBoolean() ? 100 : 5000));
            ByteBuf piece = Unpooled.directBuffer(length).writeBytes(bytes, at, length);
            pieces.add(piece);
            if (channel.isOpen()) {
                channel.writeInbound(piece);
            } else {
                piece.release();
            }
            at += length;
        }
        assertThat(channel.isOpen()).isEqualTo(recorder.closed.isEmpty());
        channel.finishAndReleaseAll();
        assertThat(recorder.closed).isNotEmpty();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
        return recorder;
    }

    @Test
    void framesCutAnywhereComeOutWhole() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS / 10; round++) {
            byte[] bytes = frames(random, 10);
            List<String> whole = decode(bytes, random).frames;
            assertThat(whole).as("-Dseed=%d", SEED).hasSize(10);
            assertThat(decode(bytes, random).frames).as("-Dseed=%d", SEED).isEqualTo(whole);
        }
    }

    @Test
    void damagedFramesDoNoHarm() {
        Random random = new Random(SEED);
        int closed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = frames(random, 5);
            List<String> whole = decode(bytes, random).frames;
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Recorder recorder = decode(bytes, random);
            assertThat(recorder.frames).as("-Dseed=%d", SEED).hasSizeLessThanOrEqualTo(5);
            closed += recorder.closed.startsWith("the peer closed") ? 0 : 1;
            for (int i = 0; i < recorder.frames.size(); i++) { // heads are checked here, bodies elsewhere
                String head = whole.get(i).startsWith("DATA") ? "DATA" : whole.get(i);
                assertThat(recorder.frames.get(i)).as("-Dseed=%d", SEED).startsWith(head);
            }
        }
        assertThat(closed).as("-Dseed=%d", SEED).isPositive();
    }

    @Test
    void noiseClosesTheConnection() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[24 + random.nextInt(200)];
            random.nextBytes(bytes);
            assertThat(decode(bytes, random).frames).as("-Dseed=%d", SEED).isEmpty();
        }
    }
}
