package io.coffer.it.history;

import org.jspecify.annotations.Nullable;

/**
 * One request to one key, and what its client saw.
 *
 * @param calledNanos when it was sent
 * @param returnedNanos when its answer was there; {@link #NEVER} for a write whose outcome is unknown (it may take effect at any
 *     time after it was sent, or never)
 */
record KeyOperation(String key, int client, long calledNanos, long returnedNanos, Effect effect) {
    static final long NEVER = Long.MAX_VALUE;

    boolean completed() {
        return returnedNanos != NEVER;
    }

    /** What a request does to the value of a key, and which values it is compatible with. Null stands for no object. */
    sealed interface Effect {
        /** A read that found this. */
        record Read(@Nullable String found) implements Effect {}

        /** An unconditional write. */
        record Write(String value) implements Effect {}

        /** A delete; it succeeds whatever is there. */
        record Delete() implements Effect {}

        /**
         * A write with a condition.
         *
         * @param expected the value that must be there, or null for none
         * @param outcome null when unknown
         */
        record ConditionalWrite(
                @Nullable String expected,
                String value,
                @Nullable Outcome outcome) implements Effect {}
    }

    /** What a conditional write was told. */
    enum Outcome {
        DONE,
        /** 412: something else was there. */
        FAILED,
        /** 404: nothing was there to match. */
        MISSING
    }
}
