package io.coffer.common.chunk.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.ProtocolException;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * A read: the event loop copies what arrives into the caller's buffer, the one copy there is; the caller verifies it there. Once the
 * caller gave up, its buffer is touched no more.
 */
final class ReadStream extends ClientStream {
    private final long offset;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private final int[] pieces;

    /** Guarded by this, as is the next; where the next bytes go. */
    private final ByteBuffer target;

    private boolean abandoned;

    /** The event loop's. */
    private int piecesKnown;

    /** @param target its position stays where it is */
    ReadStream(long offset, ByteBuffer target) {
        this.offset = offset;
        this.target = target.duplicate();
        this.pieces = new int[BlockChecksums.piecesIn(offset, target.remaining())];
    }

    CompletableFuture<Void> outcome() {
        return outcome;
    }

    /** After this the buffer is the caller's alone. */
    synchronized void abandon() {
        abandoned = true;
    }

    @Override
    boolean frame(FrameType type, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException {
        if (type != FrameType.READ_DATA) {
            throw new ProtocolException(type + " isn't what a read gets");
        }
        ChunkMessages.ReadData data = ChunkMessages.ReadData.parseFrom(head);
        if (data.getChecksumsCount() > pieces.length - piecesKnown) {
            throw new ProtocolException("more checksums than a read has pieces");
        }
        for (int i = 0; i < data.getChecksumsCount(); i++) {
            pieces[piecesKnown++] = data.getChecksums(i);
        }
        return bodyBytes == 0 && finishIfComplete();
    }

    @Override
    boolean body(ByteBuf piece, boolean last) throws ProtocolException {
        synchronized (this) {
            if (abandoned) {
                return true;
            }
            int bytes = piece.readableBytes();
            if (bytes > target.remaining()) {
                throw new ProtocolException("more bytes than a read asked for");
            }
            int limit = target.limit();
            piece.readBytes(target.limit(target.position() + bytes));
            target.limit(limit);
        }
        return last && finishIfComplete();
    }

    private boolean finishIfComplete() throws ProtocolException {
        synchronized (this) {
            if (target.hasRemaining()) {
                return false;
            }
        }
        if (piecesKnown != pieces.length) {
            throw new ProtocolException("fewer checksums than a read has pieces");
        }
        outcome.complete(null);
        return true;
    }

    /** Compares what is in the buffer now, the read having ended, with the checksums that came with it. */
    void verify(ByteBuffer bytes) throws ChunkException {
        ByteBuffer rest = bytes.duplicate();
        int end = rest.limit();
        long position = offset;
        for (int piece = 0; piece < pieces.length; piece++) {
            int length = (int)
                    Math.min(BlockChecksums.BLOCK_SIZE - position % BlockChecksums.BLOCK_SIZE, end - rest.position());
            rest.limit(rest.position() + length);
            if (BlockChecksums.ofBlock(rest) != pieces[piece]) {
                throw new ChunkException(ChunkError.UNAVAILABLE, "bytes were damaged on their way here");
            }
            rest.limit(end);
            position += length;
        }
    }

    @Override
    void fail(ChunkException why) {
        outcome.completeExceptionally(why);
    }

    @Override
    void refuse(String badRequest) {
        outcome.completeExceptionally(new IllegalArgumentException(badRequest));
    }
}
