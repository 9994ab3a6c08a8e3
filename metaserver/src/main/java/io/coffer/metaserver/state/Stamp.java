package io.coffer.metaserver.state;

/**
 * The time of one command: the group's hybrid logical clock in microseconds since 1970. It never repeats or goes back within
 * a group, and is the same on every replica.
 */
public final class Stamp {
    private static final long MICROS_PER_MILLI = 1000;

    private final long start;
    private final long lockClock;
    private long last;

    /**
     * @param micros later than every tick of every command before
     * @param lockMicros the group's lock clock
     */
    public Stamp(long micros, long lockMicros) {
        start = micros;
        lockClock = lockMicros;
        last = micros - 1;
    }

    /** The moment the command is applied. */
    public long nowMillis() {
        return start / MICROS_PER_MILLI;
    }

    /** The moment by which retentions end: see {@link LockClock}. */
    public long lockMillis() {
        return lockClock / MICROS_PER_MILLI;
    }

    /** A number that no other tick of the group has: a version's sequence, or the name of a row. */
    public long tick() {
        return ++last;
    }

    /** The last number the command may have used; the next command starts behind it. */
    public long end() {
        return Math.max(last, start);
    }
}
