package io.coffer.gateway.s3;

import io.coffer.common.io.PooledBuffer;
import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.http.ResponseHead;
import io.coffer.gateway.http.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request in memory that keeps its answer, and holds the pipeline to the contract of {@link Exchange}. */
public final class FakeExchange implements Exchange {
    private final RequestHead head;
    private final byte[] content;
    private boolean clientIsGone;
    private boolean bodyRead;
    private @Nullable ResponseHead answer;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private long announced = -1;
    private boolean finished;
    private int flushes;

    public FakeExchange(String method, String target, Headers headers, byte[] content) {
        this.head = new RequestHead(
                method, target, "HTTP/1.1", headers, InetSocketAddress.createUnresolved("client", 1), null);
        this.content = content;
    }

    public FakeExchange gone() {
        clientIsGone = true;
        return this;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public RequestBody body() {
        return new RequestBody() {
            private boolean given = content.length == 0;

            @Override
            public long length() {
                return head.headers().contains("Transfer-Encoding") ? -1 : content.length;
            }

            @Override
            public @Nullable ByteBuffer read() {
                bodyRead = true;
                if (given) {
                    return null;
                }
                given = true;
                return ByteBuffer.wrap(content);
            }

            @Override
            public Headers trailers() {
                return Headers.EMPTY;
            }
        };
    }

    private void start(ResponseHead response, long length) throws IOException {
        if (answer != null) {
            throw new AssertionError("answered twice");
        }
        if (clientIsGone) {
            throw new IOException("the client is gone");
        }
        answer = response;
        announced = length;
    }

    @Override
    public void respond(ResponseHead response, ByteBuffer body) throws IOException {
        if (head.method().equals("HEAD") && body.hasRemaining()) {
            throw new AssertionError("a body for HEAD");
        }
        start(response, body.remaining());
        write(body);
        finished = true;
    }

    @Override
    public void respondHead(ResponseHead response, long length) throws IOException {
        start(response, length);
        finished = true;
    }

    @Override
    public ResponseSink begin(ResponseHead response, long length) throws IOException {
        start(response, length);
        return new ResponseSink() {
            @Override
            public void write(PooledBuffer buffer) {
                FakeExchange.this.write(buffer.buffer());
                buffer.close();
            }

            @Override
            public void write(ByteBuffer bytes) {
                FakeExchange.this.write(bytes);
            }

            @Override
            public void flush() {
                flushes++;
            }

            @Override
            public void finish() {
                finished = true;
            }

            @Override
            public void close() {}
        };
    }

    private void write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            sent.write(bytes.get());
        }
    }

    public int status() {
        return answer == null ? 0 : answer.status();
    }

    public Headers headers() {
        if (answer == null) {
            throw new AssertionError("not answered");
        }
        return answer.headers();
    }

    public String text() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    /** The text of an element of the answered document; null when there is none. */
    @Nullable
    String element(String name) {
        String text = text();
        int start = text.indexOf('<' + name + '>');
        int end = text.indexOf("</" + name + '>');
        return start < 0 || end < 0 ? null : text.substring(start + name.length() + 2, end);
    }

    public long announced() {
        return announced;
    }

    public boolean finished() {
        return finished;
    }

    public boolean bodyRead() {
        return bodyRead;
    }

    public int flushes() {
        return flushes;
    }
}
