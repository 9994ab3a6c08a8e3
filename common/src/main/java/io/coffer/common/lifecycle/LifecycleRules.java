package io.coffer.common.lifecycle;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rules of a bucket. Several may cover one object; then whatever comes first happens.
 *
 * @param minimumVaries which objects are too small to be moved to another storage class; told, and without effect where there is one
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">S3: elements of lifecycle rules</a>
 */
public record LifecycleRules(List<LifecycleRule> rules, boolean minimumVaries) {
    /** S3's bound. */
    public static final int MAX_RULES = 1000;

    public LifecycleRules {
        rules = List.copyOf(rules);
    }

    /** That something goes at a moment because of a rule. */
    public record Due(long millis, String rule) {}

    /** What is known of a version. */
    public record Facts(String key, long size, Map<String, String> tags, long modifiedMillis) {}

    /** When an object goes if nobody replaces it; null for never. Of rules that agree about it the first is named. */
    public @Nullable Due expiration(Facts object, LifecycleDay day) {
        Due first = null;
        for (LifecycleRule rule : rules) {
            if (!rule.enabled()) {
                continue;
            }
            long millis = switch (rule.expiration()) {
                case LifecycleRule.Expiration.AfterDays(int days) -> day.after(object.modifiedMillis(), days);
                case LifecycleRule.Expiration.OnDate(long date) -> date;
                case LifecycleRule.Expiration.LoneMarker ignored -> Long.MAX_VALUE;
                case null -> Long.MAX_VALUE;
            };
            if (millis < (first == null ? Long.MAX_VALUE : first.millis())
                    && rule.filter().covers(object)) {
                first = new Due(millis, rule.id());
            }
        }
        return first;
    }

    /** When an upload is aborted if it isn't completed; null for never. */
    public @Nullable Due abort(String key, long initiatedMillis, LifecycleDay day) {
        Due first = null;
        for (LifecycleRule rule : rules) {
            if (!rule.enabled() || rule.abortDays() == 0 || !rule.filter().covers(key)) {
                continue;
            }
            long millis = day.after(initiatedMillis, rule.abortDays());
            if (first == null || millis < first.millis()) {
                first = new Due(millis, rule.id());
            }
        }
        return first;
    }

    /** Whether a delete marker that is all there is of its key goes now: by a rule about such markers, or as an object would. */
    public boolean removesLoneMarker(Facts marker, long nowMillis, LifecycleDay day) {
        for (LifecycleRule rule : rules) {
            if (rule.enabled()
                    && rule.expiration() instanceof LifecycleRule.Expiration.LoneMarker(boolean removed)
                    && removed
                    && rule.filter().covers(marker)) {
                return true;
            }
        }
        Due due = expiration(marker, day);
        return due != null && due.millis() <= nowMillis;
    }

    /**
     * Whether a version that isn't the newest goes now.
     *
     * @param sinceMillis when the next newer one was made
     * @param newer how many are newer, the newest excepted
     */
    public boolean removesNoncurrent(Facts version, long sinceMillis, int newer, long nowMillis, LifecycleDay day) {
        for (LifecycleRule rule : rules) {
            LifecycleRule.Noncurrent noncurrent = rule.noncurrent();
            if (rule.enabled()
                    && noncurrent != null
                    && newer >= noncurrent.newer()
                    && day.after(sinceMillis, noncurrent.days()) <= nowMillis
                    && rule.filter().covers(version)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any rule in force may let objects, versions or delete markers go. */
    public boolean concernsVersions() {
        return rules.stream()
                .anyMatch(rule -> rule.enabled() && (rule.expiration() != null || rule.noncurrent() != null));
    }

    /** Whether any rule in force may abort uploads. */
    public boolean concernsUploads() {
        return rules.stream().anyMatch(rule -> rule.enabled() && rule.abortDays() > 0);
    }

    /** Whether any rule in force asks for tags. */
    public boolean concernTags() {
        return rules.stream()
                .anyMatch(rule -> rule.enabled() && !rule.filter().tags().isEmpty());
    }

    /** What the keys that any rule in force covers begin with. */
    public String commonPrefix() {
        String common = null;
        for (LifecycleRule rule : rules) {
            if (rule.enabled()) {
                String prefix =
                        rule.filter().prefix() == null ? "" : rule.filter().prefix();
                common = common == null ? prefix : common(common, prefix);
            }
        }
        return common == null ? "" : common;
    }

    private static String common(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        // A character is not cut in two.
        if (length > 0 && Character.isHighSurrogate(a.charAt(length - 1))) {
            length--;
        }
        return a.substring(0, length);
    }
}
