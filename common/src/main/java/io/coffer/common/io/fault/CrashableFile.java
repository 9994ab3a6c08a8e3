package io.coffer.common.io.fault;

import io.coffer.common.io.ReadOnlyException;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** An open file of a {@link CrashableFileSystem}; worthless once that crashed. */
final class CrashableFile implements StorageFile, UnsyncedData {
    private final SimulatedMachine machine;
    private final long boot;
    private final FileNode node;
    private final String path;
    private final boolean writable;
    private boolean closed;

    CrashableFile(SimulatedMachine machine, FileNode node, String path, boolean writable) {
        this.machine = machine;
        this.boot = machine.boot();
        this.node = node;
        this.path = path;
        this.writable = writable;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requireRange(position, 0);
        synchronized (machine) {
            requireUsable();
            return node.read(target, position);
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requireRange(position, source.remaining());
        synchronized (machine) {
            requireWritable();
            machine.change(() -> {
                reserve(node.missingSectors(position, source.remaining()));
                node.write(source, position);
            });
        }
    }

    @Override
    public void sync() throws IOException {
        synchronized (machine) {
            requireUsable();
            machine.sync(node::sync);
        }
    }

    @Override
    public void discardUnsynced() {
        synchronized (machine) {
            node.discardUnsynced();
        }
    }

    @Override
    public long size() throws IOException {
        synchronized (machine) {
            requireUsable();
            return node.size();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        requireRange(size, 0);
        synchronized (machine) {
            requireWritable();
            machine.change(() -> {
                int before = node.allocatedSectors();
                node.truncate(size);
                release(before - node.allocatedSectors());
            });
        }
    }

    @Override
    public void allocate(long position, long length) throws IOException {
        requireRange(position, length);
        synchronized (machine) {
            requireWritable();
            if (length > 0) {
                machine.change(() -> {
                    reserve(node.missingSectors(position, length));
                    node.allocate(position, length);
                });
            }
        }
    }

    @Override
    public void punchHole(long position, long length) throws IOException {
        requireRange(position, length);
        synchronized (machine) {
            requireWritable();
            machine.change(() -> {
                int before = node.allocatedSectors();
                node.punchHole(position, length);
                release(before - node.allocatedSectors());
            });
        }
    }

    @Override
    public boolean supportsPunchHole() {
        return true;
    }

    @Override
    public void close() {
        synchronized (machine) {
            closed = true;
        }
    }

    private void reserve(int sectors) throws IOException {
        if (node.isLinked()) {
            machine.reserve(sectors, path);
        }
    }

    private void release(int sectors) {
        if (node.isLinked()) {
            machine.release(sectors);
        }
    }

    private void requireWritable() throws IOException {
        requireUsable();
        if (!writable) {
            throw new ReadOnlyException(path + " is open for reading only");
        }
    }

    private void requireUsable() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        machine.requirePower(boot);
    }

    private static void requireRange(long position, long length) {
        if (position < 0 || length < 0 || position > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("range of " + length + " bytes at " + position);
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
