package io.coffer.common.metadata.wire;

import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.proto.metadata.LifecycleMessages;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The document that keeps a bucket's lifecycle rules. Same rules as {@link MetadataCodec}. */
public final class LifecycleCodec {
    private LifecycleCodec() {}

    public static ByteBuffer encode(LifecycleRules rules) {
        LifecycleMessages.LifecycleDocument.Builder m =
                LifecycleMessages.LifecycleDocument.newBuilder().setMinimumVaries(rules.minimumVaries());
        rules.rules().forEach(rule -> m.addRules(encode(rule)));
        return m.build().toByteString().asReadOnlyByteBuffer();
    }

    public static LifecycleRules decode(ByteBuffer document) {
        LifecycleMessages.LifecycleDocument m =
                MetadataCodec.parse(LifecycleMessages.LifecycleDocument.parser(), document.duplicate());
        return new LifecycleRules(
                m.getRulesList().stream().map(LifecycleCodec::decode).toList(), m.getMinimumVaries());
    }

    private static LifecycleMessages.LifecycleRule encode(LifecycleRule rule) {
        LifecycleMessages.LifecycleRule.Builder m = LifecycleMessages.LifecycleRule.newBuilder()
                .setId(rule.id())
                .setEnabled(rule.enabled())
                .setPrefixOfRule(rule.prefixOfRule())
                .setFilter(encode(rule.filter()))
                .setAbortDays(rule.abortDays());
        switch (rule.expiration()) {
            case Expiration.AfterDays(int days) -> m.setExpirationDays(days);
            case Expiration.OnDate(long millis) -> m.setExpirationDateMillis(millis);
            case Expiration.LoneMarker(boolean removed) -> m.setExpiredDeleteMarker(removed);
            case null -> {}
        }
        Noncurrent noncurrent = rule.noncurrent();
        if (noncurrent != null) {
            m.getNoncurrentBuilder().setDays(noncurrent.days()).setNewerVersions(noncurrent.newer());
        }
        return m.build();
    }

    private static LifecycleRule decode(LifecycleMessages.LifecycleRule m) {
        return new LifecycleRule(
                m.getId(),
                m.getEnabled(),
                m.getPrefixOfRule(),
                decode(m.getFilter()),
                expiration(m),
                m.hasNoncurrent()
                        ? new Noncurrent(
                                m.getNoncurrent().getDays(), m.getNoncurrent().getNewerVersions())
                        : null,
                m.getAbortDays());
    }

    private static @Nullable Expiration expiration(LifecycleMessages.LifecycleRule m) {
        return switch (m.getExpirationCase()) {
            case EXPIRATION_DAYS -> new Expiration.AfterDays(m.getExpirationDays());
            case EXPIRATION_DATE_MILLIS -> new Expiration.OnDate(m.getExpirationDateMillis());
            case EXPIRED_DELETE_MARKER -> new Expiration.LoneMarker(m.getExpiredDeleteMarker());
            case EXPIRATION_NOT_SET -> null;
        };
    }

    private static LifecycleMessages.LifecycleFilter encode(LifecycleFilter filter) {
        LifecycleMessages.LifecycleFilter.Builder m = LifecycleMessages.LifecycleFilter.newBuilder();
        if (filter.prefix() != null) {
            m.setPrefix(filter.prefix());
        }
        filter.tags().forEach((key, value) -> m.addTagsBuilder().setKey(key).setValue(value));
        if (filter.largerThan() != LifecycleFilter.ANY_SIZE) {
            m.setLargerThan(filter.largerThan());
        }
        if (filter.smallerThan() != LifecycleFilter.ANY_SIZE) {
            m.setSmallerThan(filter.smallerThan());
        }
        return m.build();
    }

    private static LifecycleFilter decode(LifecycleMessages.LifecycleFilter m) {
        Map<String, String> tags = new LinkedHashMap<>();
        m.getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        return new LifecycleFilter(
                m.hasPrefix() ? m.getPrefix() : null,
                tags,
                m.hasLargerThan() ? m.getLargerThan() : LifecycleFilter.ANY_SIZE,
                m.hasSmallerThan() ? m.getSmallerThan() : LifecycleFilter.ANY_SIZE);
    }
}
