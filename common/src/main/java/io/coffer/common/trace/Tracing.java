package io.coffer.common.trace;

import org.jspecify.annotations.Nullable;

/**
 * The process' tracer, found like a logger by whoever has something to tell. While there is none, everything here is one look at a
 * field.
 */
public final class Tracing {
    private static volatile @Nullable Tracer tracer;

    private Tracing() {}

    /** From here on spans go to this one. */
    public static void install(Tracer installed) {
        tracer = installed;
    }

    /** From here on nothing is traced, unless another one was installed meanwhile. */
    public static void remove(Tracer removed) {
        if (removed.equals(tracer)) {
            tracer = null;
        }
    }

    public static boolean isOn() {
        return tracer != null;
    }

    /** The first span in this cluster of a request that came from a client. */
    public static Span begin(String name, @Nullable TraceParent client) {
        Tracer current = tracer;
        return current == null ? Span.NONE : current.begin(Span.Kind.SERVER, name, client);
    }

    /** What another process of the cluster asked for; none if that isn't traced. */
    public static Span serve(String name, @Nullable TraceParent caller) {
        Tracer current = tracer;
        return current == null || caller == null ? Span.NONE : current.begin(Span.Kind.SERVER, name, caller);
    }

    /** What this thread asks another process for; none if its work isn't traced. */
    public static Span call(String name) {
        Tracer current = tracer;
        if (current == null) {
            return Span.NONE;
        }
        TraceParent parent = Work.current().span();
        return parent == null ? Span.NONE : current.begin(Span.Kind.CLIENT, name, parent);
    }
}
