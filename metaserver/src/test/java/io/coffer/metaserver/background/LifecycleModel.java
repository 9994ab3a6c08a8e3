package io.coffer.metaserver.background;

import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Upload;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lifecycle rules as the user guide states them, held against everything that there is at once. */
final class LifecycleModel {
    private final List<LifecycleRule> rules;
    private final long day;

    LifecycleModel(List<LifecycleRule> rules, long day) {
        this.rules = rules.stream().filter(LifecycleRule::enabled).toList();
        this.day = day;
    }

    /** What may be removed at a moment, and as what. */
    Map<Long, Set<LifecycleRemoval.Kind>> due(List<ObjectVersion> all, long now) {
        Map<String, List<ObjectVersion>> keys = new LinkedHashMap<>();
        all.forEach(version ->
                keys.computeIfAbsent(version.key(), key -> new ArrayList<>()).add(version));
        Map<Long, Set<LifecycleRemoval.Kind>> due = new HashMap<>();
        keys.values().forEach(versions -> {
            for (int i = 0; i < versions.size(); i++) {
                Set<LifecycleRemoval.Kind> kinds = EnumSet.noneOf(LifecycleRemoval.Kind.class);
                ObjectVersion version = versions.get(i);
                for (LifecycleRule rule : rules) {
                    if (!fits(rule, version)) {
                        continue;
                    }
                    if (i == 0 && isOver(rule, version, now)) {
                        if (!version.deleteMarker()) {
                            kinds.add(LifecycleRemoval.Kind.OBJECT);
                        } else if (versions.size() == 1) {
                            kinds.add(LifecycleRemoval.Kind.MARKER);
                        }
                    }
                    boolean lone = i == 0 && version.deleteMarker() && versions.size() == 1;
                    if (lone && new Expiration.LoneMarker(true).equals(rule.expiration())) {
                        kinds.add(LifecycleRemoval.Kind.MARKER);
                    }
                    if (i > 0
                            && rule.noncurrent() != null
                            && i - 1 >= rule.noncurrent().newer()
                            && end(
                                            versions.get(i - 1).modifiedMillis(),
                                            rule.noncurrent().days())
                                    <= now) {
                        kinds.add(LifecycleRemoval.Kind.VERSION);
                    }
                }
                if (!kinds.isEmpty()) {
                    due.put(version.version().sequence(), kinds);
                }
            }
        });
        return due;
    }

    Set<String> dueUploads(List<Upload> all, long now) {
        Set<String> due = new HashSet<>();
        for (Upload upload : all) {
            for (LifecycleRule rule : rules) {
                if (rule.abortDays() > 0
                        && upload.key().startsWith(prefix(rule))
                        && end(upload.initiatedMillis(), rule.abortDays()) <= now) {
                    due.add(upload.id().toString());
                }
            }
        }
        return due;
    }

    private static String prefix(LifecycleRule rule) {
        return rule.filter().prefix() == null ? "" : rule.filter().prefix();
    }

    private static boolean fits(LifecycleRule rule, ObjectVersion version) {
        Map<String, String> tags = version.attributes().tags();
        return version.key().startsWith(prefix(rule))
                && rule.filter().tags().entrySet().stream()
                        .allMatch(tag -> tag.getValue().equals(tags.get(tag.getKey())))
                && (rule.filter().largerThan() < 0
                        || version.size() > rule.filter().largerThan())
                && (rule.filter().smallerThan() < 0
                        || version.size() < rule.filter().smallerThan());
    }

    private boolean isOver(LifecycleRule rule, ObjectVersion version, long now) {
        return rule.expiration() instanceof Expiration.AfterDays(int days) && end(version.modifiedMillis(), days) <= now
                || rule.expiration() instanceof Expiration.OnDate(long date) && date <= now;
    }

    /** The first midnight behind so many days. */
    private long end(long since, int days) {
        long midnight = 0;
        long passed = since + days * day;
        midnight = passed - passed % day;
        return midnight <= passed ? midnight + day : midnight;
    }
}
