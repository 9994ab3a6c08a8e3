package io.coffer.metaserver.state;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to recent requests, so that a repeated one is answered the same and applied once. Request ids sort by
 * birth: those older than the window are refused, and so their rows can go, a range at a time.
 */
public final class RequestWindow {
    private static final long WINDOW_MILLIS = Limits.REQUEST_WINDOW.toMillis();
    private static final long PERIOD_MILLIS = Limits.REQUEST_EXPIRY_PERIOD.toMillis();

    private RequestWindow() {}

    /** The outcome if it is settled already: remembered, or too old to tell. */
    public static @Nullable Outcome settled(Transaction tx, Stamp stamp, RequestId request) {
        if (request.birthMillis() < stamp.nowMillis() - WINDOW_MILLIS) {
            return new Outcome.Refused(new RefusedException(Refusal.REQUEST_TOO_OLD));
        }
        return tx.get(Tables.REQUESTS, Keys.request(request));
    }

    public static void remember(Transaction tx, RequestId request, Outcome outcome) {
        tx.put(Tables.REQUESTS, Keys.request(request), outcome);
    }

    /**
     * Forgets what {@link #settled} refuses anyway, once per period of the group's time. Stays a period behind it, so that no
     * row is concerned that this transaction may have put.
     */
    public static void expire(Transaction tx, Stamp stamp) {
        Long row = tx.get(Tables.NUMBERS, Tables.EXPIRED);
        long expired = row == null ? 0 : row;
        long horizon = stamp.nowMillis() - WINDOW_MILLIS - PERIOD_MILLIS;
        if (horizon - expired >= PERIOD_MILLIS) {
            tx.deleteRange(Tables.REQUESTS, Keys.requestsFrom(expired), Keys.requestsFrom(horizon));
            tx.put(Tables.NUMBERS, Tables.EXPIRED, horizon);
        }
    }
}
