package io.coffer.common.chunk.remote;

import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that were read lately, a bounded number of them. A reader whose file is closed meanwhile hears so and asks again. Thread-safe. */
final class OpenFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

    private final int max;
    private final long idleNanos;

    /** The one that was used longest ago first; guarded by this, as is the rest. */
    private final Map<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    private static final class Open {
        private final StorageFile file;
        private long usedNanos;

        Open(StorageFile file) {
            this.file = file;
        }
    }

    OpenFiles(int max, Duration idle) {
        this.max = max;
        this.idleNanos = idle.toNanos();
    }

    /** @throws IOException if there is no such file, or this process may not read it */
    StorageFile open(String path) throws IOException {
        List<Open> superfluous = List.of();
        StorageFile file;
        synchronized (this) {
            if (closed) {
                throw new IOException("closed");
            }
            Open known = open.get(path);
            if (known == null) {
                known = new Open(RealFileSystem.openHere(path));
                open.put(path, known);
                superfluous = eldest();
            }
            known.usedNanos = System.nanoTime();
            file = known.file;
        }
        superfluous.forEach(OpenFiles::close);
        return file;
    }

    private List<Open> eldest() {
        List<Open> eldest = new ArrayList<>();
        var files = open.values().iterator();
        while (open.size() > max && files.hasNext()) {
            eldest.add(files.next());
            files.remove();
        }
        return eldest;
    }

    void closeIdle() {
        List<Open> idle = new ArrayList<>();
        long now = System.nanoTime();
        synchronized (this) {
            open.values().removeIf(file -> now - file.usedNanos > idleNanos && idle.add(file));
        }
        idle.forEach(OpenFiles::close);
    }

    private static void close(Open file) {
        try {
            file.file.close();
        } catch (IOException e) {
            LOG.debug("a file that was only read can't be closed", e);
        }
    }

    @Override
    public void close() {
        List<Open> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(OpenFiles::close);
    }
}
