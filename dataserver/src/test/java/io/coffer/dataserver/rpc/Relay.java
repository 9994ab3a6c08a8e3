package io.coffer.dataserver.rpc;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between client and server and passes frames on, as long as its rule likes them. */
final class Relay implements AutoCloseable {
    static final int HEADER_BYTES = 24;

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final Rule rule;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger frames = new AtomicInteger();

    /** What becomes of a frame. */
    interface Rule {
        Rule PASS = (number, toServer, frame) -> true;

        /**
         * Called for each frame; may wait, and may change it.
         *
         * @param number of all frames of all connections, from 0
         * @return false to reset the connection in its place
         */
        boolean passes(int number, boolean toServer, byte[] frame);
    }

    Relay(InetSocketAddress target, Rule rule) throws IOException {
        this.target = target;
        this.rule = rule;
        this.listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    int frames() {
        return frames.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                Socket server = new Socket();
                sockets.add(server);
                try {
                    server.connect(target);
                } catch (IOException e) {
                    reset(client);
                    continue;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> pump(client, server, true));
                Thread.ofVirtual().start(() -> pump(server, client, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean toServer) {
        try {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            while (true) {
                byte[] header = in.readNBytes(HEADER_BYTES);
                if (header.length < HEADER_BYTES) {
                    throw new EOFException();
                }
                ByteBuffer lengths = ByteBuffer.wrap(header);
                byte[] frame = new byte[HEADER_BYTES + lengths.getInt(8) + lengths.getInt(12)];
                System.arraycopy(header, 0, frame, 0, HEADER_BYTES);
                in.readFully(frame, HEADER_BYTES, frame.length - HEADER_BYTES);
                if (!rule.passes(frames.getAndIncrement(), toServer, frame)) {
                    reset(from);
                    reset(to);
                    return;
                }
                out.write(frame);
            }
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        sockets.forEach(Relay::reset);
    }
}
