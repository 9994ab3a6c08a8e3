package io.coffer.common.metadata;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far it is that the data keys which earlier versions of a key have wrapped are wrapped anew.
 *
 * @param below the first version whose data keys stay as they are
 * @param reason why it stopped, or doesn't get on now; else empty
 * @param changedMillis when something was last noted
 * @param renewed seals, in all
 * @param groups of metadata, ascending
 * @param driver the process that does it; null as long as none has begun
 * @param beats of the driver, which is alive as long as they rise
 */
public record KeyRewrap(
        UUID key,
        int below,
        State state,
        String reason,
        long begunMillis,
        long changedMillis,
        long renewed,
        List<GroupRewrap> groups,
        @Nullable UUID driver,
        long beats) {
    public KeyRewrap {
        groups = List.copyOf(groups);
    }

    public static KeyRewrap begun(UUID key, int below, long nowMillis) {
        return new KeyRewrap(key, below, State.RUNNING, "", nowMillis, nowMillis, 0, List.of(), null, 0);
    }

    /** Whether somebody does it. */
    public enum State {
        RUNNING,
        DONE,
        /** It can't go on until a person has done something. */
        STOPPED
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }

    public KeyRewrap with(State now, String why) {
        return new KeyRewrap(key, below, now, why, begunMillis, changedMillis, renewed, groups, driver, beats);
    }

    public KeyRewrap withGroups(List<GroupRewrap> now) {
        return new KeyRewrap(key, below, state, reason, begunMillis, changedMillis, renewed, now, driver, beats);
    }

    public KeyRewrap plusRenewed(long more) {
        return new KeyRewrap(
                key, below, state, reason, begunMillis, changedMillis, renewed + more, groups, driver, beats);
    }

    public KeyRewrap beat(UUID who, long nowMillis) {
        return new KeyRewrap(key, below, state, reason, begunMillis, nowMillis, renewed, groups, who, beats + 1);
    }
}
