package io.coffer.common.time;

import java.time.Instant;

/** The time of day, which may jump: for what people and other machines see, never for measuring how long something took. */
@FunctionalInterface
public interface WallClock {
    /** This host's; {@code -Dcoffer.clock-error-millis=} makes it wrong, for tests of a cluster with such a host. */
    WallClock SYSTEM = wrongBy(Long.getLong("coffer.clock-error-millis", 0L));

    private static WallClock wrongBy(long errorMillis) {
        return errorMillis == 0 ? System::currentTimeMillis : () -> System.currentTimeMillis() + errorMillis;
    }

    /** Milliseconds since 1970, UTC. */
    long millis();

    default Instant now() {
        return Instant.ofEpochMilli(millis());
    }
}
