package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** How large a buffer the next read of a socket gets: by what the last ones filled, and never more than the budget's share. */
final class ReadSizer implements RecvByteBufAllocator {
    private static final int MIN_BYTES = 2 * 1024;

    /** A head and a small body. */
    private static final int INITIAL_BYTES = 8 * 1024;

    /** Half of what a connection may hold, so that receiving and storing overlap. */
    private static final int MAX_BYTES = 128 * 1024;

    private final RecvByteBufAllocator adaptive =
            new AdaptiveRecvByteBufAllocator(MIN_BYTES, INITIAL_BYTES, MAX_BYTES).maxMessagesPerRead(1);
    private final InboundBudget budget;

    ReadSizer(InboundBudget budget) {
        this.budget = budget;
    }

    @Override
    @SuppressWarnings("deprecation") // there is no other kind of handle for transports
    public Handle newHandle() {
        return new CappedHandle((ExtendedHandle) adaptive.newHandle());
    }

    @SuppressWarnings("deprecation")
    private final class CappedHandle extends DelegatingHandle implements ExtendedHandle {
        CappedHandle(ExtendedHandle handle) {
            super(handle);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator alloc) {
            return alloc.directBuffer(guess());
        }

        @Override
        public int guess() {
            return Math.min(delegate().guess(), budget.allowance());
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
            return ((ExtendedHandle) delegate()).continueReading(maybeMoreDataSupplier);
        }
    }
}
