package io.coffer.dataserver.rpc;

import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.dataserver.chunk.ChunkStoreContract;
import io.coffer.dataserver.chunk.OpenStore;
import org.jspecify.annotations.Nullable;

/** The contract, over the network. */
class RemoteChunksTest extends ChunkStoreContract {
    private @Nullable Wire wire;

    @Override
    protected FileSystem files() {
        return new CrashableFileSystem();
    }

    @Nullable
    TestTls tls() {
        return null;
    }

    @Override
    protected ChunkStore connect(OpenStore opened) throws Exception {
        wire = Wire.to(opened.store, tls());
        return wire.chunks();
    }

    @Override
    protected void disconnect() {
        wire.awaitNothingHeld();
        wire.close();
    }
}
