package io.coffer.deploy.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A blocking connection, plain or under TLS. */
interface Wire extends Closeable {
    /** As {@link SocketChannel#read(ByteBuffer)}. */
    int read(ByteBuffer target) throws IOException;

    /** Writes all that remains. */
    void write(ByteBuffer source) throws IOException;

    /** @param insecure whether any certificate will do */
    static Wire connect(Endpoint endpoint, boolean insecure) throws IOException {
        return endpoint.secure() ? new Tls(endpoint, insecure) : new Plain(endpoint);
    }

    /** Without copies: the buffers are direct. */
    final class Plain implements Wire {
        private final SocketChannel channel;

        Plain(Endpoint endpoint) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress(endpoint.host(), endpoint.port()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** By the JDK. */
    final class Tls implements Wire {
        private static final int COPY_BYTES = 16 * 1024;

        private final SSLSocket socket;
        private final InputStream in;
        private final OutputStream out;
        private final byte[] copy = new byte[COPY_BYTES];

        Tls(Endpoint endpoint, boolean insecure) throws IOException {
            SSLSocketFactory factory = insecure ? trustAll() : (SSLSocketFactory) SSLSocketFactory.getDefault();
            socket = (SSLSocket) factory.createSocket(endpoint.host(), endpoint.port());
            socket.setTcpNoDelay(true);
            if (!insecure) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        private static SSLSocketFactory trustAll() throws IOException {
            TrustManager anybody = new X509TrustManager() {
                @Override
                public void checkClientTrusted(X509Certificate[] chain, String type) {}

                @Override
                public void checkServerTrusted(X509Certificate[] chain, String type) {}

                @Override
                public X509Certificate[] getAcceptedIssuers() {
                    return new X509Certificate[0];
                }
            };
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {anybody}, null);
                return context.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = in.read(copy, 0, Math.min(copy.length, target.remaining()));
            if (count > 0) {
                target.put(copy, 0, count);
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                int count = Math.min(copy.length, source.remaining());
                source.get(copy, 0, count);
                out.write(copy, 0, count);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
