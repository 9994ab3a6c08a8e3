package io.coffer.common.trace;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a thread works for. It belongs to one thread at a time: who hands work to another thread takes {@link #current} along and
 * {@linkplain #enter enters} it there.
 *
 * @param request the id that the client of the request was told; empty for work that no client asked for
 * @param span what spans of this work hang on; null if it isn't traced
 */
public record Work(String request, @Nullable TraceParent span) {
    /** Of the logging context, as the log's format names it. */
    public static final String LOG_KEY = "request";

    /** Nobody's. */
    public static final Work NONE = new Work("", null);

    /** Ids are a quarter of this; it bounds what another process can put into the log. */
    private static final int MAX_REQUEST_CHARS = 64;

    private static final ThreadLocal<Work> CURRENT = new ThreadLocal<>();

    /** Until it is closed, on the thread that opened it. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    private static final Scope UNCHANGED = () -> {};

    /** Work that isn't traced. */
    public Work(String request) {
        this(request, null);
    }

    /** Of this thread. */
    public static Work current() {
        Work current = CURRENT.get();
        return current == null ? NONE : current;
    }

    /** What another process says that it works for; nobody's if that is no id. */
    public static Work from(@Nullable String request) {
        return request == null || request.isEmpty() || !isId(request) ? NONE : new Work(request);
    }

    /** The same work inside a span. */
    public Work in(Span inner) {
        TraceParent link = inner.link();
        return link == null ? this : new Work(request, link);
    }

    private static boolean isId(String text) {
        if (text.length() > MAX_REQUEST_CHARS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-')) {
                return false;
            }
        }
        return true;
    }

    /** This thread works for it until the scope is closed, and then for what it worked for before. */
    public Scope enter() {
        Work before = current();
        if (before.equals(this)) {
            return UNCHANGED;
        }
        set(this);
        return () -> set(before);
    }

    private static void set(Work work) {
        if (work.request.isEmpty()) {
            MDC.remove(LOG_KEY);
        } else {
            MDC.put(LOG_KEY, work.request);
        }
        if (work.equals(NONE)) {
            CURRENT.remove();
        } else {
            CURRENT.set(work);
        }
    }
}
