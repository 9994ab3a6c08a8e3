package io.coffer.common.chunk.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Takes the frames of one connection, on its event loop. */
public interface FrameReceiver {
    /**
     * A frame begins.
     *
     * @param head valid during the call only
     * @param bodyBytes how many bytes of body follow with {@link #body}
     */
    void frame(FrameType type, int stream, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException;

    /**
     * The next bytes of the body of the frame that began last.
     *
     * @param piece still the caller's: retain it to keep it
     * @param last whether the frame ends with it
     */
    void body(ByteBuf piece, boolean last) throws ProtocolException;

    /** Nothing more comes for the moment. */
    void pause();

    /** The connection is over, whether by the peer, the network or this side. Called once. */
    void closed(String why);
}
