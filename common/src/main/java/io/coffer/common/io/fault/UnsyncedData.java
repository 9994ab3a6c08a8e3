package io.coffer.common.io.fault;

/** What a simulated file can do that no real one offers, for {@link FaultyFileSystem} to fail a sync as Linux does. */
interface UnsyncedData {
    /** Takes everything unsynced for clean: it still reads back, no later sync saves it, a crash loses it. */
    void discardUnsynced();
}
