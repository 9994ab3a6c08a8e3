package io.coffer.gateway.s3.xml;

import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads one rule of a lifecycle configuration, and refuses it in Amazon's words. */
final class LifecycleRuleReader {
    static final String ID = "ID";
    static final String PREFIX = "Prefix";
    static final String FILTER = "Filter";
    static final String AND = "And";
    static final String TAG = "Tag";
    static final String LARGER = "ObjectSizeGreaterThan";
    static final String SMALLER = "ObjectSizeLessThan";
    static final String STATUS = "Status";
    static final String EXPIRATION = "Expiration";
    static final String DAYS = "Days";
    static final String DATE = "Date";
    static final String LONE_MARKER = "ExpiredObjectDeleteMarker";
    static final String NONCURRENT = "NoncurrentVersionExpiration";
    static final String NONCURRENT_DAYS = "NoncurrentDays";
    static final String NEWER = "NewerNoncurrentVersions";
    static final String ABORT = "AbortIncompleteMultipartUpload";
    static final String AFTER_INITIATION = "DaysAfterInitiation";
    private static final String TRANSITION = "Transition";
    private static final String NONCURRENT_TRANSITION = "NoncurrentVersionTransition";
    private static final String STORAGE_CLASS = "StorageClass";

    private static final Set<String> ELEMENTS =
            Set.of(ID, PREFIX, FILTER, STATUS, EXPIRATION, NONCURRENT, ABORT, TRANSITION, NONCURRENT_TRANSITION);
    private static final Set<String> PREDICATES = Set.of(PREFIX, TAG, LARGER, SMALLER);
    private static final Set<String> FILTER_ELEMENTS = Set.of(PREFIX, TAG, LARGER, SMALLER, AND);

    /** Amazon's other storage classes, which are the ones that a transition may name. */
    private static final Set<String> STORAGE_CLASSES =
            Set.of("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR");

    private static final int MAX_ID_LENGTH = 255;
    private static final long MAX_SIZE = 1_099_511_627_776_000L;

    /** The last year that a date of a document has room for. */
    private static final int MAX_YEAR = 9999;

    private final boolean filtered;
    private final RandomGenerator random;

    /**
     * @param filtered whether the document's rules have filters
     * @param random names the rules that have no id
     */
    LifecycleRuleReader(boolean filtered, RandomGenerator random) {
        this.filtered = filtered;
        this.random = random;
    }

    LifecycleRule read(XmlElement rule) throws S3Exception {
        rule.only(ELEMENTS);
        String id = id(rule.textOf(ID));
        boolean enabled = switch (rule.requiredTextOf(STATUS)) {
            case "Enabled" -> true;
            case "Disabled" -> false;
            default -> throw XmlElement.malformed();
        };
        LifecycleFilter filter = scope(rule);
        XmlElement expiration = rule.child(EXPIRATION);
        XmlElement noncurrent = rule.child(NONCURRENT);
        XmlElement abort = rule.child(ABORT);
        boolean transitions =
                rule.children().stream().anyMatch(child -> child.isNamed(TRANSITION, NONCURRENT_TRANSITION));
        if (expiration == null && noncurrent == null && abort == null && !transitions) {
            throw refused("At least one action needs to be specified in a rule");
        }
        LifecycleRule read = new LifecycleRule(
                id,
                enabled,
                !filtered,
                filter,
                expiration == null ? null : expiration(expiration),
                noncurrent == null ? null : noncurrent(noncurrent),
                abort == null ? 0 : abortDays(abort));
        if (read.expiration() instanceof Expiration.LoneMarker) {
            requireNoneButPrefix(filter, LONE_MARKER);
        }
        if (abort != null) {
            requireNoneButPrefix(filter, ABORT);
        }
        refuseTransitions(rule);
        return read;
    }

    /** Amazon's own ids are Base64 of a random UUID's text. */
    private String id(@Nullable String given) throws S3Exception {
        if (given == null || given.isEmpty()) {
            String uuid = new UUID(random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() & ~(3L << 62) | 1L << 63)
                    .toString();
            return Base64.getEncoder().encodeToString(uuid.getBytes(StandardCharsets.US_ASCII));
        }
        if (given.length() > MAX_ID_LENGTH) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "ID length should not exceed allowed limit of " + MAX_ID_LENGTH);
        }
        return given;
    }

    private LifecycleFilter scope(XmlElement rule) throws S3Exception {
        String prefix = rule.textOf(PREFIX);
        XmlElement filter = rule.child(FILTER);
        if (filtered && prefix != null) {
            throw refused(
                    "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.");
        }
        if (!filtered && filter != null) {
            throw refused("Filter element can only be used in Lifecycle V2.");
        }
        if (filter != null) {
            return filter(filter);
        }
        if (prefix == null) {
            throw XmlElement.malformed();
        }
        return LifecycleFilter.ofPrefix(prefix);
    }

    private static LifecycleFilter filter(XmlElement filter) throws S3Exception {
        List<XmlElement> children = filter.only(FILTER_ELEMENTS).children();
        if (children.size() > 1 || children.isEmpty() && !filter.text().isBlank()) {
            throw XmlElement.malformed();
        }
        XmlElement and = filter.child(AND);
        if (and == null) {
            return predicates(filter);
        }
        LifecycleFilter all = predicates(and.only(PREDICATES));
        if (all.predicates() < 2) {
            throw XmlElement.malformed();
        }
        return all;
    }

    private static LifecycleFilter predicates(XmlElement parent) throws S3Exception {
        long larger = size(parent, LARGER, 0);
        long smaller = size(parent, SMALLER, 1);
        if (smaller != LifecycleFilter.ANY_SIZE && larger >= smaller) {
            throw refused("'" + SMALLER + "' has to be a value greater than '" + LARGER + "'.");
        }
        return new LifecycleFilter(parent.textOf(PREFIX), tags(parent.children(TAG)), larger, smaller);
    }

    private static long size(XmlElement parent, String name, long least) throws S3Exception {
        String text = parent.textOf(name);
        if (text == null) {
            return LifecycleFilter.ANY_SIZE;
        }
        long size = integer(text);
        if (size < least || size > MAX_SIZE) {
            throw refused("'" + name + "' should be between " + least + " and " + MAX_SIZE + ".");
        }
        return size;
    }

    private static Map<String, String> tags(List<XmlElement> elements) throws S3Exception {
        List<TagSet.Tag> tags = new ArrayList<>(elements.size());
        Set<String> keys = new HashSet<>();
        for (XmlElement element : elements) {
            element.only(Set.of("Key", "Value"));
            TagSet.Tag tag = new TagSet.Tag(element.requiredTextOf("Key"), element.requiredTextOf("Value"));
            if (!keys.add(tag.key())) {
                throw refused("Duplicate Tag Keys are not allowed.");
            }
            tags.add(tag);
        }
        return TagSet.of(TagSet.Kind.OBJECT, tags).tags();
    }

    private static Expiration expiration(XmlElement element) throws S3Exception {
        element.only(Set.of(DAYS, DATE, LONE_MARKER));
        if (element.children().size() != 1) {
            throw XmlElement.malformed();
        }
        if (element.has(DAYS)) {
            return new Expiration.AfterDays(positive(element, DAYS, EXPIRATION));
        }
        return element.has(DATE)
                ? new Expiration.OnDate(midnight(element.requiredTextOf(DATE).strip()))
                : new Expiration.LoneMarker(element.booleanOf(LONE_MARKER, false));
    }

    /** XML Schema's form of a moment; without a zone it is UTC. */
    private static long midnight(String text) throws S3Exception {
        OffsetDateTime moment;
        try {
            TemporalAccessor parsed =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from, LocalDateTime::from);
            moment = parsed instanceof LocalDateTime local
                    ? local.atOffset(ZoneOffset.UTC)
                    : Instant.from(parsed).atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw XmlElement.malformed();
        }
        if (moment.getYear() < 0 || moment.getYear() > MAX_YEAR) {
            throw XmlElement.malformed();
        }
        if (!moment.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "'Date' must be at midnight GMT")
                    .with("ArgumentName", DATE)
                    .with("ArgumentValue", text);
        }
        return moment.toInstant().toEpochMilli();
    }

    private Noncurrent noncurrent(XmlElement element) throws S3Exception {
        element.only(Set.of(NONCURRENT_DAYS, NEWER));
        if (element.has(NEWER) && !filtered) {
            throw refused("NewerNoncurrentVersions element can only be used in Lifecycle V2.");
        }
        int days = positive(element, NONCURRENT_DAYS, NONCURRENT);
        return new Noncurrent(days, element.has(NEWER) ? positive(element, NEWER, NONCURRENT) : 0);
    }

    private static int abortDays(XmlElement element) throws S3Exception {
        return positive(element.only(Set.of(AFTER_INITIATION)), AFTER_INITIATION, ABORT);
    }

    private static int positive(XmlElement parent, String name, String action) throws S3Exception {
        long number = integer(parent.requiredTextOf(name));
        if (number <= 0) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "'" + name + "' for " + action + " action must be a positive integer");
        }
        if (number > Integer.MAX_VALUE) {
            throw XmlElement.malformed();
        }
        return (int) number;
    }

    private static long integer(String text) throws S3Exception {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw XmlElement.malformed();
        }
    }

    private static void requireNoneButPrefix(LifecycleFilter filter, String action) throws S3Exception {
        if (!filter.tags().isEmpty()) {
            throw refused(action + " cannot be specified with Tags.");
        }
        if (filter.hasSizes()) {
            throw refused(action + " cannot be specified with Object Size.");
        }
    }

    /** There is one storage class, so that there is no other to go to. */
    private static void refuseTransitions(XmlElement rule) throws S3Exception {
        for (XmlElement child : rule.children()) {
            if (child.isNamed(TRANSITION, NONCURRENT_TRANSITION)) {
                boolean current = child.isNamed(TRANSITION);
                child.only(current ? Set.of(DAYS, DATE, STORAGE_CLASS) : Set.of(NONCURRENT_DAYS, NEWER, STORAGE_CLASS));
                String storageClass = child.requiredTextOf(STORAGE_CLASS);
                boolean timed = current ? child.has(DAYS) != child.has(DATE) : child.has(NONCURRENT_DAYS);
                if (!timed || !STORAGE_CLASSES.contains(storageClass)) {
                    throw XmlElement.malformed();
                }
                throw new S3Exception(S3Error.INVALID_STORAGE_CLASS).with("StorageClassRequested", storageClass);
            }
        }
    }

    private static S3Exception refused(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
