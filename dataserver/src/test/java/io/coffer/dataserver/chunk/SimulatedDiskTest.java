package io.coffer.dataserver.chunk;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;

final class SimulatedDiskTest extends ChunkStoreContract {
    @Override
    protected FileSystem files() {
        return new CrashableFileSystem();
    }
}
