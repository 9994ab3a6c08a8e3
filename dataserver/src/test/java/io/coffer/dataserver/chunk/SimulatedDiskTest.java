package io.coffer.dataserver.chunk;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;

final class SimulatedDiskTest extends LocalChunkStoreContract {
    @Override
    FileSystem files() {
        return new CrashableFileSystem();
    }
}
