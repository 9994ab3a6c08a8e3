package io.coffer.deploy.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What a collector of traces does with OTLP over HTTP, as far as tests want to know: field numbers are those of opentelemetry-proto. */
final class TraceCollector implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> spans = new ArrayList<>();

    /**
     * A span.
     *
     * @param service who sent it
     * @param parent empty for the first of a trace
     * @param kind 2 server, 3 client
     */
    record Received(
            String service,
            String trace,
            String id,
            String parent,
            String name,
            long kind,
            Map<String, String> attributes) {}

    TraceCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        synchronized (this) {
            for (ByteString resource :
                    UnknownFieldSet.parseFrom(body).getField(1).getLengthDelimitedList()) {
                String service = attributes(messages(resource, 1).getFirst(), 1).getOrDefault("service.name", "");
                for (ByteString scope : messages(resource, 2)) {
                    for (ByteString span : messages(scope, 2)) {
                        spans.add(span(service, span));
                    }
                }
            }
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static List<ByteString> messages(ByteString message, int field) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(message).getField(field).getLengthDelimitedList();
    }

    private static Map<String, String> attributes(ByteString message, int field) throws InvalidProtocolBufferException {
        Map<String, String> attributes = new HashMap<>();
        for (ByteString pair : messages(message, field)) {
            UnknownFieldSet value = UnknownFieldSet.parseFrom(messages(pair, 2).getFirst());
            attributes.put(
                    messages(pair, 1).getFirst().toStringUtf8(),
                    value.hasField(1)
                            ? value.getField(1)
                                    .getLengthDelimitedList()
                                    .getFirst()
                                    .toStringUtf8()
                            : value.getField(3).getVarintList().getFirst().toString());
        }
        return attributes;
    }

    private static Received span(String service, ByteString message) throws InvalidProtocolBufferException {
        UnknownFieldSet span = UnknownFieldSet.parseFrom(message);
        return new Received(
                service,
                hex(span, 1),
                hex(span, 2),
                span.hasField(4) ? hex(span, 4) : "",
                span.getField(5).getLengthDelimitedList().getFirst().toStringUtf8(),
                span.getField(6).getVarintList().getFirst(),
                attributes(message, 9));
    }

    private static String hex(UnknownFieldSet span, int field) {
        return HexFormat.of()
                .formatHex(
                        span.getField(field).getLengthDelimitedList().getFirst().toByteArray());
    }

    /** Those of one trace so far. */
    synchronized List<Received> of(String trace) {
        return spans.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    synchronized int count() {
        return spans.size();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
