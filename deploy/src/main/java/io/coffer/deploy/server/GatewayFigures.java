package io.coffer.deploy.server;

import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.deploy.server.FigureTable.Figure;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.http.HttpServer;
import java.util.List;

/** What a gateway tells of its work beside the requests themselves, and every process of its HTTP endpoints. */
final class GatewayFigures {
    static final List<Figure<Gateway.Figures>> GATEWAY = List.of(
            Figure.gauge(
                    "coffer.s3.requests.available",
                    "S3 requests that may still begin before clients are told to slow down",
                    Gateway.Figures::availableRequests),
            Figure.counter(
                    "coffer.reads.hedged",
                    "Reads of which another copy was asked because the first was slow",
                    Gateway.Figures::hedgedReads),
            Figure.counter(
                    "coffer.reads.copies.failed", "Copies that could not be read", Gateway.Figures::failedCopies),
            Figure.counter(
                    "coffer.writes.degraded", "Extents that count without a member", Gateway.Figures::degradedWrites),
            Figure.counter(
                    "coffer.writes.rerouted",
                    "Extents written again to another volume because a member failed",
                    Gateway.Figures::reroutedWrites),
            Figure.counter(
                    "coffer.metadata.calls.repeated",
                    "Calls to metadata groups that were made again",
                    Gateway.Figures::metadataRepeats),
            Figure.counter(
                    "coffer.metadata.calls.given.up",
                    "Calls to metadata groups that were given up",
                    Gateway.Figures::metadataUnanswered),
            Figure.counter(
                    "coffer.rewrap.rows",
                    "Rows looked at for data keys to be wrapped anew",
                    Gateway.Figures::rewrapScanned),
            Figure.counter(
                    "coffer.rewrap.seals",
                    "Wrapped data keys replaced by ones of a newer version of their key",
                    Gateway.Figures::rewrapRenewed));

    static final List<Figure<RemoteChunkStores>> CHUNKS = List.of(Figure.counter(
            "coffer.reads.file.bytes",
            "Bytes read out of the files of dataservers on the same host",
            RemoteChunkStores::fileBytes));

    static final List<Figure<HttpServer>> HTTP = List.of(
            Figure.gauge(
                    "coffer.http.connections",
                    "Open connections",
                    server -> server.counters().openConnections()),
            Figure.gauge(
                    "coffer.http.requests.in.flight",
                    "Requests under way",
                    server -> server.counters().requestsInFlight()),
            Figure.gauge("coffer.http.direct.bytes", "Memory outside the heap", HttpServer::directMemoryBytes),
            Figure.counter(
                    "coffer.http.faults",
                    "Requests that were no HTTP",
                    server -> server.counters().faults()),
            Figure.counter(
                    "coffer.http.timeouts",
                    "Connections closed because the client was too slow",
                    server -> server.counters().timeouts()),
            Figure.counter(
                    "coffer.http.received.bytes",
                    "Bytes received",
                    server -> server.counters().bytesReceived()),
            Figure.counter(
                    "coffer.http.sent.bytes",
                    "Bytes sent",
                    server -> server.counters().bytesSent()));

    private GatewayFigures() {}
}
