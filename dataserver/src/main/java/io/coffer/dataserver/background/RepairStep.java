package io.coffer.dataserver.background;

import java.time.Duration;

/** A bounded piece of repair. It may stop anywhere: what was not done is found again. */
@FunctionalInterface
interface RepairStep {
    /** Does it; returns how long there is nothing more to do. */
    Duration step() throws InterruptedException;
}
