package io.coffer.dataserver.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.dataserver.chunk.LocalChunkStore;
import io.coffer.proto.rpc.ChunkMessages;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Detachable;
import io.grpc.Drainable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Reads and writes of chunks over gRPC, to be compared with the framed protocol (decision 0010). A message is bytes: those of a chunk, or of a
 * request. It is written and read by protobuf, or by a marshaller that copies once.
 *
 * @param <M> the message
 */
abstract class GrpcChunks<M> {
    private static final int PIECE_BYTES = 256 << 10;

    private final MethodDescriptor<M, M> read;
    private final MethodDescriptor<M, M> write;

    private GrpcChunks(String name, MethodDescriptor.Marshaller<M> marshaller) {
        this.read = MethodDescriptor.newBuilder(marshaller, marshaller)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Read")
                .build();
        this.write = MethodDescriptor.newBuilder(marshaller, marshaller)
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .setFullMethodName(name + "/Write")
                .build();
    }

    /** A message of these bytes, which stay the message's. */
    abstract M message(ByteBuffer bytes);

    /** Copies a message's bytes and ends it. */
    abstract void take(M message, ByteBuffer target);

    abstract int length(M message);

    /** Shows a message's bytes in pieces and ends it. */
    abstract void show(M message, Consumer consumer) throws IOException;

    interface Consumer {
        void accept(ByteBuffer piece) throws IOException;
    }

    static GrpcChunks<BytesValue> byProtobuf() {
        return new GrpcChunks<>("protobuf", ProtoUtils.marshaller(BytesValue.getDefaultInstance())) {
            @Override
            BytesValue message(ByteBuffer bytes) {
                return BytesValue.of(UnsafeByteOperations.unsafeWrap(bytes));
            }

            @Override
            void take(BytesValue message, ByteBuffer target) {
                message.getValue().copyTo(target);
            }

            @Override
            int length(BytesValue message) {
                return message.getValue().size();
            }

            @Override
            void show(BytesValue message, Consumer consumer) throws IOException {
                ByteString value = message.getValue();
                consumer.accept(value.asReadOnlyByteBuffer());
            }
        };
    }

    static GrpcChunks<InputStream> byOwnMarshaller() {
        return new GrpcChunks<>("own", new Own()) {
            @Override
            InputStream message(ByteBuffer bytes) {
                return new Outgoing(bytes);
            }

            @Override
            void take(InputStream message, ByteBuffer target) {
                try {
                    show(message, target::put);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            int length(InputStream message) {
                try {
                    return message.available();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            void show(InputStream message, Consumer consumer) throws IOException {
                try (message) {
                    if (!(message instanceof HasByteBuffer buffers)) {
                        consumer.accept(ByteBuffer.wrap(message.readAllBytes()));
                        return;
                    }
                    while (message.available() > 0) {
                        ByteBuffer piece = buffers.getByteBuffer();
                        int bytes = piece.remaining();
                        consumer.accept(piece);
                        message.skipNBytes(bytes);
                    }
                }
            }
        };
    }

    private static final class Own implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            if (stream instanceof HasByteBuffer buffers && buffers.byteBufferSupported()) {
                return ((Detachable) stream).detach();
            }
            try { // what came in many small pieces
                return new ByteArrayInputStream(stream.readAllBytes());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** gRPC asks for its bytes once: through {@link #drainTo}. */
    private static final class Outgoing extends InputStream implements KnownLength, Drainable {
        private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[16 << 10]);

        private final ByteBuffer bytes;

        Outgoing(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int available() {
            return bytes.remaining();
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = bytes.remaining();
            if (bytes.hasArray()) {
                target.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
                bytes.position(bytes.limit());
            } else {
                byte[] scratch = SCRATCH.get();
                while (bytes.hasRemaining()) {
                    int step = Math.min(scratch.length, bytes.remaining());
                    bytes.get(scratch, 0, step);
                    target.write(scratch, 0, step);
                }
            }
            return length;
        }

        @Override
        public int read() {
            throw new AssertionError("drained, not read");
        }
    }

    // The server

    ServerServiceDefinition serve(LocalChunkStore store) {
        return ServerServiceDefinition.builder(read.getServiceName())
                .addMethod(read, (call, headers) -> {
                    call.request(2);
                    return new ServerCall.Listener<>() {
                        @Override
                        public void onMessage(M message) {
                            answer(store, call, message);
                        }
                    };
                })
                .addMethod(write, (call, headers) -> {
                    call.request(1);
                    return new Writing<>(GrpcChunks.this, store, call);
                })
                .build();
    }

    private void answer(LocalChunkStore store, ServerCall<M, M> call, M message) {
        try {
            ByteBuffer request = ByteBuffer.allocate(length(message));
            take(message, request);
            ChunkMessages.Read asked = ChunkMessages.Read.parseFrom(request.flip());
            int[] pieces = new int[BlockChecksums.piecesIn(asked.getOffset(), asked.getLength())];
            ByteBuffer bytes = DirectBuffers.take(asked.getLength() + pieces.length * Integer.BYTES);
            ByteBuffer data = bytes.slice(0, asked.getLength());
            store.read(ChunkCodec.decode(asked.getChunk()), asked.getOffset(), data, pieces);
            bytes.position(asked.getLength());
            for (int piece : pieces) {
                bytes.putInt(piece);
            }
            call.sendHeaders(new Metadata());
            call.sendMessage(message(bytes.flip())); // copies before it returns
            call.close(Status.OK, new Metadata());
            DirectBuffers.give(bytes);
        } catch (IOException e) {
            call.close(Status.INTERNAL.withCause(e), new Metadata());
        }
    }

    /** The first message is the request, the last the commit. */
    private static final class Writing<M> extends ServerCall.Listener<M> {
        private final GrpcChunks<M> kind;
        private final LocalChunkStore store;
        private final ServerCall<M, M> call;
        private ChunkWriter writer;
        private long left;

        Writing(GrpcChunks<M> kind, LocalChunkStore store, ServerCall<M, M> call) {
            this.kind = kind;
            this.store = store;
            this.call = call;
        }

        @Override
        public void onMessage(M message) {
            try {
                if (writer == null || left == 0) {
                    ByteBuffer request = ByteBuffer.allocate(kind.length(message));
                    kind.take(message, request);
                    begin(request.flip());
                } else {
                    kind.show(message, piece -> {
                        left -= piece.remaining();
                        writer.write(piece);
                    });
                }
                call.request(1);
            } catch (IOException e) {
                call.close(Status.INTERNAL.withCause(e), new Metadata());
            }
        }

        private void begin(ByteBuffer request) throws IOException {
            if (writer == null) {
                ChunkDescriptor descriptor = ChunkCodec.decode(
                        ChunkMessages.Create.parseFrom(request).getInfo());
                left = descriptor.length();
                writer = store.create(descriptor);
            } else {
                int[] sums = ChunkMessages.Commit.parseFrom(request).getChecksumsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray();
                writer.commit(sums).whenComplete((done, failure) -> {
                    if (failure == null) {
                        call.sendHeaders(new Metadata());
                        call.sendMessage(kind.message(ByteBuffer.allocate(1)));
                    }
                    call.close(failure == null ? Status.OK : Status.INTERNAL.withCause(failure), new Metadata());
                });
            }
        }
    }

    // The client

    void read(Channel channel, ChunkAddress chunk, ByteBuffer target) throws Exception {
        ByteBuffer request = ByteBuffer.wrap(ChunkMessages.Read.newBuilder()
                .setChunk(ChunkCodec.encode(chunk))
                .setLength(target.remaining())
                .build()
                .toByteArray());
        ClientCall<M, M> call = channel.newCall(read, CallOptions.DEFAULT);
        CompletableFuture<M> answer = new CompletableFuture<>();
        call.start(new Answer<>(answer), new Metadata());
        call.request(2);
        call.sendMessage(message(request));
        call.halfClose();
        int length = target.remaining();
        M message = answer.get();
        int start = target.position();
        int[] sums = new int[BlockChecksums.piecesIn(0, length)];
        ByteBuffer tail = ByteBuffer.allocate(sums.length * Integer.BYTES);
        show(message, piece -> {
            int data = Math.min(piece.remaining(), target.remaining());
            target.put(piece.slice(piece.position(), data));
            tail.put(piece.position(piece.position() + data));
        });
        tail.flip().asIntBuffer().get(sums);
        if (BlockChecksums.firstMismatch(target.flip().position(start), sums, 0) >= 0) {
            throw new AssertionError("damaged");
        }
    }

    void write(Channel channel, ChunkDescriptor descriptor, ByteBuffer data, int[] sums) throws Exception {
        ClientCall<M, M> call = channel.newCall(write, CallOptions.DEFAULT);
        CompletableFuture<M> answer = new CompletableFuture<>();
        call.start(new Answer<>(answer), new Metadata());
        call.request(2);
        call.sendMessage(message(ByteBuffer.wrap(ChunkMessages.Create.newBuilder()
                .setInfo(ChunkCodec.encode(descriptor))
                .build()
                .toByteArray())));
        for (int at = 0; at < data.remaining(); at += PIECE_BYTES) {
            call.sendMessage(message(data.slice(data.position() + at, Math.min(PIECE_BYTES, data.remaining() - at))));
        }
        ChunkMessages.Commit.Builder commit = ChunkMessages.Commit.newBuilder();
        for (int sum : sums) {
            commit.addChecksums(sum);
        }
        call.sendMessage(message(ByteBuffer.wrap(commit.build().toByteArray())));
        call.halfClose();
        M message = answer.get();
        take(message, ByteBuffer.allocate(length(message)));
    }

    private static final class Answer<M> extends ClientCall.Listener<M> {
        private final CompletableFuture<M> answer;

        Answer(CompletableFuture<M> answer) {
            this.answer = answer;
        }

        @Override
        public void onMessage(M message) {
            answer.complete(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!status.isOk()) {
                answer.completeExceptionally(status.asException());
            }
        }
    }

    /** Direct buffers used again, as a server would. */
    private static final class DirectBuffers {
        private static final java.util.concurrent.ConcurrentLinkedQueue<ByteBuffer> FREE =
                new java.util.concurrent.ConcurrentLinkedQueue<>();
        private static final Supplier<ByteBuffer> MADE = () -> ByteBuffer.allocateDirect((1 << 20) + 4096);

        static ByteBuffer take(int bytes) {
            ByteBuffer free = FREE.poll();
            return (free == null ? MADE.get() : free).clear().limit(bytes);
        }

        static void give(ByteBuffer buffer) {
            FREE.add(buffer);
        }
    }
}
