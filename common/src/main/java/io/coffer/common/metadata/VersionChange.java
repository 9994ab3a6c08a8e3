package io.coffer.common.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be changed of a version without making another one. */
public sealed interface VersionChange {
    /** @param tags all of them */
    record Tags(Map<String, String> tags) implements VersionChange {
        public Tags {
            tags = Map.copyOf(tags);
        }
    }

    /**
     * Sets the retention, or with a null mode takes it back. What lasts may only be prolonged; other changes of governance are for
     * those who bypass it, of compliance for nobody.
     *
     * @param untilMillis since 1970; 0 with a null mode
     */
    record Retention(@Nullable RetentionMode mode, long untilMillis, boolean bypassing) implements VersionChange {
        public Retention {
            if ((mode == null) != (untilMillis == 0) || untilMillis < 0) {
                throw new IllegalArgumentException("a retention has a mode and an end");
            }
        }
    }

    record LegalHold(boolean hold) implements VersionChange {}

    /** @param acl all of its grants */
    record Grants(AccessControlList acl) implements VersionChange {}
}
