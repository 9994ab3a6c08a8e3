package io.coffer.common.time;

import java.time.Instant;

/** The time of day, which may jump: for what people and other machines see, never for measuring how long something took. */
@FunctionalInterface
public interface WallClock {
    WallClock SYSTEM = System::currentTimeMillis;

    /** Milliseconds since 1970, UTC. */
    long millis();

    default Instant now() {
        return Instant.ofEpochMilli(millis());
    }
}
