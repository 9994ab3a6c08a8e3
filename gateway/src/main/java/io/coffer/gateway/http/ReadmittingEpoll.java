package io.coffer.gateway.http;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, for sockets that had nothing to wait for once. Netty (4.2.13 to 4.2.20 at least) takes such a socket out of epoll
 * but doesn't put it in again: the next wait fails, and the connection with it. That is how a client that has closed its side
 * would lose every answer that doesn't fit into the socket's buffer. Here the socket is registered anew.
 */
final class ReadmittingEpoll implements IoHandler {
    private final IoHandler epoll;

    private ReadmittingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return executor -> new ReadmittingEpoll(epoll.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(handle);
    }

    /** The event loop changes it; any thread may ask whether it is valid. */
    private final class Registration implements IoRegistration {
        private final IoHandle handle;
        private volatile IoRegistration current;
        private boolean takenOut;

        Registration(IoHandle handle) throws Exception {
            this.handle = handle;
            this.current = epoll.register(handle);
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops.equals(EpollIoOps.NONE);
            if (takenOut && !nothing && current.isValid()) {
                readmit();
            }
            takenOut = nothing;
            return current.submit(ops);
        }

        private void readmit() {
            current.cancel();
            try {
                current = epoll.register(handle);
            } catch (Exception e) {
                throw new IllegalStateException("a socket could not be registered again", e);
            }
        }

        @Override
        public <T> T attachment() {
            return current.attachment();
        }

        @Override
        public boolean isValid() {
            return current.isValid();
        }

        @Override
        public boolean cancel() {
            return current.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }
}
