package io.coffer.common.trace;

import org.jspecify.annotations.Nullable;

/** Makes spans and sees to it that they get somewhere. Thread-safe; never makes its callers wait. */
public interface Tracer {
    /**
     * Begins a span.
     *
     * @param parent what it hangs on; null for the first of a trace
     * @return {@link Span#NONE} if the trace isn't wanted
     */
    Span begin(Span.Kind kind, String name, @Nullable TraceParent parent);
}
