package io.coffer.common.io.fault;

import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.Attempt.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** An open file of a {@link FaultyFileSystem}. */
final class FaultyFile implements StorageFile, UnsyncedData {
    private final FaultyFileSystem files;
    private final StorageFile sound;
    private final String path;

    FaultyFile(FaultyFileSystem files, StorageFile sound, String path) {
        this.files = files;
        this.sound = sound;
        this.path = path;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return switch (files.meet(Operation.READ, path, position, target.remaining())) {
            case Fault.BitFlip flip -> readFlipped(target, position, flip.random());
            case Fault.ShortRead one when target.remaining() > 1 -> readOneByte(target, position);
            case null, default -> sound.read(target, position);
        };
    }

    private int readFlipped(ByteBuffer target, long position, RandomGenerator random) throws IOException {
        int start = target.position();
        int count = sound.read(target, position);
        if (count > 0) {
            flipBit(target, start, count, random);
        }
        return count;
    }

    private int readOneByte(ByteBuffer target, long position) throws IOException {
        int limit = target.limit();
        try {
            return sound.read(target.limit(target.position() + 1), position);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        write(source, position, sound::write);
    }

    @Override
    public void writeUncached(ByteBuffer source, long position) throws IOException {
        write(source, position, sound::writeUncached);
    }

    /** One of the two ways to write. */
    private interface Way {
        void write(ByteBuffer source, long position) throws IOException;
    }

    private void write(ByteBuffer source, long position, Way way) throws IOException {
        switch (files.meet(Operation.WRITE, path, position, source.remaining())) {
            case Fault.BitFlip flip
            when source.hasRemaining() -> {
                ByteBuffer wrong =
                        ByteBuffer.allocate(source.remaining()).put(source).flip();
                flipBit(wrong, 0, wrong.limit(), flip.random());
                way.write(wrong, position);
            }
            case Fault.NoSpace full -> {
                way.write(source.slice(source.position(), source.remaining() / 2), position);
                throw FaultyFileSystem.noSpace(path);
            }
            case null, default -> way.write(source, position);
        }
    }

    private static void flipBit(ByteBuffer buffer, int start, int count, RandomGenerator random) {
        int at = start + random.nextInt(count);
        buffer.put(at, (byte) (buffer.get(at) ^ (1 << random.nextInt(Byte.SIZE))));
    }

    @Override
    public void sync() throws IOException {
        if (files.meet(Operation.SYNC, path, 0, 0) instanceof Fault.InputOutputError) {
            discardUnsynced();
            throw FaultyFileSystem.inputOutputError(path);
        }
        sound.sync();
    }

    @Override
    public void discardUnsynced() {
        if (sound instanceof UnsyncedData data) {
            data.discardUnsynced();
        }
    }

    @Override
    public long size() throws IOException {
        files.meet(Operation.SIZE, path, 0, 0);
        return sound.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        files.meet(Operation.TRUNCATE, path, size, 0);
        sound.truncate(size);
    }

    @Override
    public void allocate(long position, long length) throws IOException {
        files.meet(Operation.ALLOCATE, path, position, length);
        sound.allocate(position, length);
    }

    @Override
    public void punchHole(long position, long length) throws IOException {
        files.meet(Operation.PUNCH_HOLE, path, position, length);
        sound.punchHole(position, length);
    }

    @Override
    public boolean supportsPunchHole() {
        return sound.supportsPunchHole();
    }

    @Override
    public void close() throws IOException {
        sound.close();
    }

    @Override
    public String toString() {
        return path;
    }
}
