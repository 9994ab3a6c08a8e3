package io.coffer.common.io.fault;

import java.io.IOException;

/** The simulated machine has no power: whatever was under way didn't happen, or half of it did. */
public final class PowerOffException extends IOException {
    private static final long serialVersionUID = 1L;

    PowerOffException() {
        super("the power is off");
    }
}
