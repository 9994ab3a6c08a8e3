package io.coffer.deploy.server;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MemberProgress;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.DataServerStats;
import io.coffer.dataserver.DataServerStats.PerDisk;
import io.coffer.dataserver.background.CatchUp;
import io.coffer.dataserver.rpc.ChunkServer;
import io.coffer.deploy.server.FigureTable.Figure;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a dataserver tells of itself. */
final class DataFigures {
    static final List<Figure<PerDisk>> DISK = List.of(
            Figure.gauge(
                    "coffer.disk.total.bytes",
                    "Size of the disk",
                    disk -> disk.status().totalBytes()),
            Figure.gauge(
                    "coffer.disk.free.bytes",
                    "Room for chunks",
                    disk -> disk.status().freeBytes()),
            Figure.gauge(
                    "coffer.disk.live.bytes",
                    "Bytes of chunks that can be read",
                    disk -> disk.status().liveBytes()),
            Figure.gauge(
                    "coffer.disk.healthy",
                    "1 while the disk reads and writes, else 0",
                    disk -> disk.status().state() == Disk.State.HEALTHY ? 1 : 0),
            Figure.counter(
                    "coffer.disk.written.bytes",
                    "Bytes written",
                    disk -> disk.counters().writtenBytes()),
            Figure.counter(
                    "coffer.disk.read.bytes",
                    "Bytes read for callers",
                    disk -> disk.counters().readBytes()),
            Figure.counter(
                    "coffer.disk.syncs",
                    "Commits of the disk, each for a group of writes",
                    disk -> disk.counters().commitGroups()),
            Figure.counter(
                    "coffer.disk.deletes",
                    "Chunks deleted",
                    disk -> disk.counters().deletes()),
            Figure.counter(
                    "coffer.disk.corruptions",
                    "Chunks found damaged",
                    disk -> disk.counters().corruptions()),
            Figure.counter(
                    "coffer.disk.scrubbed.bytes",
                    "Bytes read to find damage",
                    disk -> disk.counters().scrubbedBytes()),
            Figure.counter(
                    "coffer.disk.compacted.bytes",
                    "Bytes moved to give space back",
                    disk -> disk.counters().movedBytes()));

    static final List<Figure<DataServerStats>> MEMORY = List.of(
            Figure.gauge(
                    "coffer.index.memory.bytes", "Memory of the disks' indexes", DataServerStats::indexMemoryBytes),
            Figure.gauge(
                    "coffer.chunk.buffer.bytes",
                    "Memory allocated for chunks on their way",
                    DataServerStats::bufferBytes));

    static final List<Figure<RepairQueue>> REPAIRS = List.of(
            Figure.gauge("coffer.repair.waiting", "Damaged chunks that wait to be rebuilt", RepairQueue::backlog),
            Figure.counter("coffer.repair.done", "Damaged chunks that were rebuilt", RepairQueue::repaired),
            Figure.counter("coffer.repair.failed", "Damaged chunks that could not be rebuilt", RepairQueue::failed));

    static final List<Figure<CatchUp>> CATCH_UP = List.of(
            Figure.gauge("coffer.catchup.members.behind", "Members on this node that lack something", CatchUp::waiting),
            Figure.gauge(
                    "coffer.catchup.left.bytes",
                    "What the member that is being brought up still lacks; NaN while nobody has counted",
                    DataFigures::left),
            Figure.counter(
                    "coffer.catchup.copied.bytes",
                    "Bytes copied to members that were behind",
                    catchUp -> catchUp.done().copiedBytes()),
            Figure.counter(
                    "coffer.catchup.members.done",
                    "Members that were brought up",
                    catchUp -> catchUp.done().finished()),
            Figure.counter(
                    "coffer.catchup.postponed",
                    "Attempts to bring a member up that have to be made again",
                    catchUp -> catchUp.done().postponed()));

    static final List<Figure<ChunkServer.Load>> CHUNK_SERVER = List.of(
            Figure.gauge("coffer.chunks.connections", "Connections of callers", ChunkServer.Load::connections),
            Figure.gauge("coffer.chunks.streams", "Requests under way", ChunkServer.Load::streams),
            Figure.gauge(
                    "coffer.chunks.write.budget.used.bytes",
                    "Memory set aside for writes",
                    ChunkServer.Load::writeBytes),
            Figure.gauge("coffer.chunks.write.budget.bytes", "Its bound", ChunkServer.Load::maxWriteBytes),
            Figure.gauge(
                    "coffer.chunks.read.budget.used.bytes",
                    "Bytes read that are on their way to callers",
                    ChunkServer.Load::readBytes),
            Figure.gauge("coffer.chunks.read.budget.bytes", "Their bound", ChunkServer.Load::maxReadBytes),
            Figure.counter("coffer.chunks.requests", "Requests taken", ChunkServer.Load::requests),
            Figure.counter(
                    "coffer.chunks.turned.away",
                    "Requests refused because there was too much to do, or at a stop",
                    ChunkServer.Load::turnedAway));

    private final DataServer data;

    DataFigures(DataServer data) {
        this.data = data;
    }

    Map<Tags, PerDisk> disks() {
        Map<Tags, PerDisk> disks = new HashMap<>();
        for (PerDisk disk : data.stats().disks()) {
            disks.put(
                    Tags.of(
                            "disk",
                            disk.status().disk().toString(),
                            "path",
                            disk.status().path()),
                    disk);
        }
        return disks;
    }

    private static double left(CatchUp catchUp) {
        List<MemberProgress> now = catchUp.progress();
        if (now.isEmpty()) {
            return 0;
        }
        return now.stream().anyMatch(member -> member.leftBytes() == MemberProgress.UNKNOWN)
                ? Double.NaN
                : now.stream().mapToLong(MemberProgress::leftBytes).sum();
    }
}
