package io.coffer.common.concurrent;

import java.util.Collection;
import java.util.Map;

/** So many failed that the quorum can't be reached any more. */
public final class QuorumFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Map<Integer, Throwable> failures;

    QuorumFailedException(int needed, int of, Map<Integer, Throwable> failures) {
        super(failures.size() + " of " + of + " failed, " + needed + " were needed", first(failures.values()));
        this.failures = failures;
        failures.values().stream().skip(1).forEach(this::addSuppressed);
    }

    private static Throwable first(Collection<Throwable> failures) {
        return failures.iterator().next();
    }

    /** What had failed by then, by position. */
    public Map<Integer, Throwable> failures() {
        return failures;
    }
}
