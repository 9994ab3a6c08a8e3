package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chunks of one disk in order, as its index has them once it has caught up with the commits so far. Thread-safe. */
final class ChunkListing {
    private final ChunkDisk owner;
    private final LocalDisk disk;
    private final ChunkIndex index;
    private final IndexWriter indexWriter;

    ChunkListing(ChunkDisk owner, LocalDisk disk, ChunkIndex index, IndexWriter indexWriter) {
        this.owner = owner;
        this.disk = disk;
        this.index = index;
        this.indexWriter = indexWriter;
    }

    /** See {@link io.coffer.common.chunk.ChunkStore#list}. */
    List<ChunkDescriptor> page(@Nullable ExtentId after, long bornBeforeMillis, int limit) throws ChunkException {
        disk.health().requireReadable();
        indexWriter.await(false);
        List<ChunkDescriptor> page = new ArrayList<>();
        try {
            index.chunks(after, (key, entry) -> {
                if (key.extent().birthMillis() >= bornBeforeMillis) {
                    return false;
                }
                page.add(entry.descriptor(key, owner.id(), owner.epoch(key, entry)));
                return page.size() <= limit;
            });
        } catch (IndexException e) {
            throw owner.indexFailed(e);
        }
        return wholeExtents(page, limit);
    }

    /** The next page begins behind the last extent of this one: it must not end within an extent. */
    private static List<ChunkDescriptor> wholeExtents(List<ChunkDescriptor> page, int limit) {
        if (page.size() <= limit) {
            return page;
        }
        ExtentId cut = page.getLast().address().extent();
        int end = limit;
        while (end > 0 && page.get(end - 1).address().extent().equals(cut)) {
            end--;
        }
        return page.subList(0, end == 0 ? limit : end);
    }

    /** See {@link io.coffer.common.chunk.ChunkStore#listVolume}. */
    ChunkPage page(VolumeId volume, @Nullable ExtentId after, int limit) throws ChunkException {
        disk.health().requireReadable();
        indexWriter.await(false);
        List<ChunkDescriptor> page = new ArrayList<>();
        try {
            ExtentId next = index.chunksOf(volume, after, Limits.MAX_LIST_LOOKS, (key, entry) -> {
                page.add(entry.descriptor(key, owner.id(), owner.epoch(key, entry)));
                return page.size() < limit;
            });
            return new ChunkPage(page, next);
        } catch (IndexException e) {
            throw owner.indexFailed(e);
        }
    }

    /** All chunks that are known to be damaged; reads the whole index. */
    void damaged(Consumer<ChunkAddress> found) throws ChunkException {
        try {
            index.chunks(null, (key, entry) -> {
                if (entry.state() == ChunkEntry.State.CORRUPT) {
                    found.accept(key.on(owner.id(), owner.epoch(key, entry)));
                }
                return true;
            });
        } catch (IndexException e) {
            throw owner.indexFailed(e);
        }
    }
}
