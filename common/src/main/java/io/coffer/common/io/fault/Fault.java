package io.coffer.common.io.fault;

import java.util.random.RandomGenerator;

/** What goes wrong with a call. */
public sealed interface Fault {

    /** EIO. A sync that fails so takes what it should have saved for clean, as Linux does. */
    record InputOutputError() implements Fault {}

    /** ENOSPC; a write gets half of its bytes down first. */
    record NoSpace() implements Fault {}

    /** EROFS, for what would change something; reads go on. */
    record ReadOnly() implements Fault {}

    /** One bit of what is read, or written, is wrong, and nobody says so. Other calls go on. */
    record BitFlip(RandomGenerator random) implements Fault {}

    /** A read gives one byte only, as it may. Other calls go on. */
    record ShortRead() implements Fault {}

    /** Something happens before the call, which then goes on: it waits, moves a clock, cuts the power. */
    record Before(Runnable action) implements Fault {}
}
