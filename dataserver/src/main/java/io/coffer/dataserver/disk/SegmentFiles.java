package io.coffer.dataserver.disk;

import io.coffer.common.id.DiskId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.format.DiskIdentity;
import io.coffer.dataserver.format.FormatException;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segment files of one disk that are open: a bounded number of those that nobody uses right now. Thread-safe.
 *
 * <p>A file that was used since it was last looked at gets a second chance, so that no read has to keep an order.
 */
final class SegmentFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);

    static final String DIRECTORY = "segments";

    private static final String SUFFIX = ".seg";

    private final FileSystem files;
    private final DiskId disk;
    private final boolean readOnly;
    private final int maxOpen;

    /** Opened ones in the order they were opened; guarded by itself. */
    private final ArrayDeque<Segment> opened = new ArrayDeque<>();

    SegmentFiles(FileSystem files, DiskId disk, boolean readOnly, int maxOpen) {
        this.files = files;
        this.disk = disk;
        this.readOnly = readOnly;
        this.maxOpen = maxOpen;
    }

    static String path(long id) {
        return "%s/%016x%s".formatted(DIRECTORY, id, SUFFIX);
    }

    /** Where other processes on this machine find a segment; empty if they can't. */
    String location(long id) {
        return files.location(path(id)).orElse("");
    }

    /** The id in a file's name, if it is one of a segment. */
    static Optional<Long> id(String name) {
        if (!name.endsWith(SUFFIX) || name.length() != 16 + SUFFIX.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseUnsignedLong(name.substring(0, 16), 16));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens a segment's file and checks that it is that segment's.
     *
     * @throws SegmentDamagedException if it isn't there or isn't that segment's
     */
    StorageFile open(Segment segment) throws IOException {
        StorageFile file;
        try {
            file = files.open(path(segment.id()), readOnly ? OpenMode.READ : OpenMode.READ_WRITE);
        } catch (FileNotFoundException e) {
            if (files.exists(DiskIdentity.FILE_NAME)) {
                throw new SegmentDamagedException(path(segment.id()) + " is missing");
            }
            throw e; // the whole disk is gone
        }
        boolean good = false;
        try {
            segment.adopt(header(file, segment.id()));
            good = true;
        } finally {
            if (!good) {
                file.close();
            }
        }
        synchronized (opened) {
            opened.add(segment);
        }
        evict();
        return file;
    }

    /**
     * What a segment's file says of itself.
     *
     * @throws SegmentDamagedException if neither copy of it can be read, or it is another segment's
     */
    SegmentHeader header(long id) throws IOException {
        try (StorageFile file = files.open(path(id), OpenMode.READ)) {
            return header(file, id);
        }
    }

    private SegmentHeader header(StorageFile file, long id) throws IOException {
        ByteBuffer copies = ByteBuffer.allocate(SegmentHeader.COPIES * SegmentHeader.BYTES);
        for (int copy = 0; copy < SegmentHeader.COPIES; copy++) {
            int start = copy * SegmentHeader.BYTES;
            try {
                file.readFully(copies.slice(start, SegmentHeader.BYTES), start);
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                LOG.warn("{}: copy {} of the header can't be read: {}", path(id), copy, e.getMessage());
            }
        }
        SegmentHeader header;
        try {
            header = SegmentHeader.decode(copies)
                    .orElseThrow(() -> new SegmentDamagedException(path(id) + " has a damaged header"));
        } catch (FormatException e) {
            throw new IOException(path(id) + ": " + e.getMessage(), e);
        }
        if (header.id() != id || !header.disk().equals(disk)) {
            throw new SegmentDamagedException(
                    "%s is segment %016x of disk %s".formatted(path(id), header.id(), header.disk()));
        }
        return header;
    }

    private void evict() {
        int chances;
        synchronized (opened) {
            chances = opened.size();
        }
        for (; chances > 0; chances--) {
            Segment candidate;
            synchronized (opened) {
                if (opened.size() <= maxOpen) {
                    return;
                }
                candidate = opened.poll();
            }
            if (candidate != null && !candidate.closeIfIdle()) {
                synchronized (opened) {
                    opened.add(candidate);
                }
            }
        }
    }

    /** Forgets a segment whose file is closed for good. */
    void forget(Segment segment) {
        synchronized (opened) {
            opened.remove(segment);
        }
    }
}
