package io.coffer.common.trace;

import org.jspecify.annotations.Nullable;

/** A piece of work in a trace, from its beginning to its {@link #end}. Thread-safe. */
public interface Span {
    /** Of work that isn't traced. */
    Span NONE = new Span() {
        @Override
        public @Nullable TraceParent link() {
            return null;
        }

        @Override
        public void rename(String name) {}

        @Override
        public void put(String key, String value) {}

        @Override
        public void put(String key, long value) {}

        @Override
        public void fail(String why) {}

        @Override
        public void end() {}
    };

    /** Whose view of the work it is. */
    enum Kind {
        CLIENT,
        SERVER
    }

    /** What spans below it hang on; null of work that isn't traced. */
    @Nullable
    TraceParent link();

    void rename(String name);

    void put(String key, String value);

    void put(String key, long value);

    /** It went wrong. */
    void fail(String why);

    /** Ends it, once; takes no time. */
    void end();
}
