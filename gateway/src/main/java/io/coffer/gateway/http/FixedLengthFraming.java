package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A body of as many bytes as Content-Length says. */
final class FixedLengthFraming implements BodyFraming {
    private long remaining;

    FixedLengthFraming(long length) {
        this.remaining = length;
    }

    @Override
    public boolean ended() {
        return remaining == 0;
    }

    @Override
    public long remaining() {
        return remaining;
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) {
        int take = (int) Math.min(in.readableBytes(), remaining);
        if (take == 0) {
            return null;
        }
        remaining -= take;
        return in.readRetainedSlice(take);
    }

    @Override
    public Headers trailers() {
        return Headers.EMPTY;
    }
}
