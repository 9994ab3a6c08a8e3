package io.coffer.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** How sockets are waited for: epoll where its native library loads, else the JDK's selector. */
record Transport(
        String name, IoHandlerFactory io, Class<? extends Channel> client, Class<? extends ServerChannel> server) {
    static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll",
                        ReadmittingEpoll.newFactory(),
                        EpollSocketChannel.class,
                        EpollServerSocketChannel.class)
                : nio();
    }

    static Transport nio() {
        return new Transport("nio", NioIoHandler.newFactory(), NioSocketChannel.class, NioServerSocketChannel.class);
    }
}
