package io.coffer.common.io.fault;

import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Runs a scenario again and again, the power going at another point each time, until it gets through; after each crash
 * checks what is there. A failure names the point and the seed.
 */
public final class CrashPoints {
    /** A scenario that never ends would have no last point. */
    private static final long MAX_POINTS = 1_000_000;

    /** One run: its fields remember what was acknowledged. */
    public interface Trial {
        /** Does the work; whatever it throws once the power is off is what had to be expected. */
        void run(CrashableFileSystem files) throws Exception;

        /** After the crash: throws when something acknowledged is missing, or something is there that can't be. */
        void check(CrashableFileSystem files) throws Exception;
    }

    private CrashPoints() {}

    /**
     * @param repetitions crashes to try at each point, each with other things surviving
     * @return the number of points
     */
    public static long atEverySync(long seed, int repetitions, Supplier<? extends Trial> trials) {
        return atEvery(Point.SYNC, seed, repetitions, trials);
    }

    /** At every write, change of a name, and sync: many more points. */
    public static long atEveryOperation(long seed, int repetitions, Supplier<? extends Trial> trials) {
        return atEvery(Point.OPERATION, seed, repetitions, trials);
    }

    private enum Point {
        SYNC,
        OPERATION
    }

    private static long atEvery(Point kind, long seed, int repetitions, Supplier<? extends Trial> trials) {
        SplittableRandom seeds = new SplittableRandom(seed);
        for (long number = 1; number <= MAX_POINTS; number++) {
            boolean through = true;
            for (int repetition = 0; repetition < repetitions; repetition++) {
                CrashableFileSystem files = new CrashableFileSystem();
                LongConsumer hook = kind == Point.SYNC ? files::powerOffAtSync : files::powerOffAtOperation;
                hook.accept(number);
                try {
                    through &= runsThrough(trials.get(), files, seeds.split());
                } catch (Throwable t) {
                    throw new AssertionError(
                            "power cut at " + kind + " " + number + ", repetition " + repetition + ", seed " + seed, t);
                }
            }
            if (through) {
                return number - 1;
            }
        }
        throw new AssertionError("still not through after " + MAX_POINTS + " points");
    }

    private static boolean runsThrough(Trial trial, CrashableFileSystem files, SplittableRandom random)
            throws Exception {
        try {
            trial.run(files);
        } catch (Exception e) {
            if (!files.isOff()) {
                throw e;
            }
        }
        boolean through = !files.isOff();
        files.crash(random);
        trial.check(files);
        return through;
    }
}
