package io.coffer.gateway.s3.xml;

import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The rules by which objects, versions and uploads go.
 *
 * <p>A document whose first rule has a filter is what Amazon calls Lifecycle V2; the rules of others have a prefix instead. One document
 * holds one kind of rules.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">S3: elements of lifecycle rules</a>
 */
public record LifecycleConfiguration(List<LifecycleRule> rules) {
    static final String ROOT = "LifecycleConfiguration";
    private static final String RULE = "Rule";

    public LifecycleConfiguration {
        rules = List.copyOf(rules);
    }

    /**
     * MalformedXML, InvalidArgument or InvalidRequest, in Amazon's words.
     *
     * @param random names the rules that have no id
     */
    public static LifecycleConfiguration parse(ByteBuffer document, RandomGenerator random) throws S3Exception {
        List<XmlElement> elements =
                XmlElement.parse(document, ROOT).only(Set.of(RULE)).children(RULE);
        if (elements.isEmpty() || elements.size() > LifecycleRules.MAX_RULES) {
            throw XmlElement.malformed();
        }
        boolean filtered = elements.getFirst().has(LifecycleRuleReader.FILTER);
        LifecycleRuleReader reader = new LifecycleRuleReader(filtered, random);
        List<LifecycleRule> rules = new ArrayList<>(elements.size());
        Set<String> ids = new HashSet<>();
        for (XmlElement element : elements) {
            LifecycleRule rule = reader.read(element);
            if (!ids.add(rule.id())) {
                throw new S3Exception(
                        S3Error.INVALID_ARGUMENT, "Rule ID must be unique. Found same ID for more than one rule");
            }
            rules.add(rule);
        }
        if (!filtered) {
            requireApart(rules, "Expiration", rule -> rule.expiration() != null);
            requireApart(rules, "NoncurrentVersionExpiration", rule -> rule.noncurrent() != null);
            requireApart(rules, "AbortIncompleteMultipartUpload", rule -> rule.abortDays() > 0);
        }
        return new LifecycleConfiguration(rules);
    }

    /** Of rules without filters no two with the same action may cover one key. A prefix of another is one of its successor in order. */
    private static void requireApart(List<LifecycleRule> rules, String action, Predicate<LifecycleRule> acts)
            throws S3Exception {
        List<String> prefixes = rules.stream()
                .filter(LifecycleRule::enabled)
                .filter(acts)
                .map(rule -> String.valueOf(rule.filter().prefix()))
                .sorted()
                .toList();
        for (int i = 1; i < prefixes.size(); i++) {
            if (prefixes.get(i).startsWith(prefixes.get(i - 1))) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Found overlapping prefixes '" + prefixes.get(i - 1) + "' and '" + prefixes.get(i)
                                + "' for same action type '" + action + "'");
            }
        }
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter().root(ROOT);
        for (LifecycleRule rule : rules) {
            xml.open(RULE).element(LifecycleRuleReader.ID, rule.id());
            if (rule.prefixOfRule()) {
                xml.elementIfPresent(LifecycleRuleReader.PREFIX, rule.filter().prefix());
            } else {
                write(rule.filter(), xml);
            }
            xml.element(LifecycleRuleReader.STATUS, rule.enabled() ? "Enabled" : "Disabled");
            writeActions(rule, xml);
            xml.close(RULE);
        }
        return xml.close(ROOT).document();
    }

    private static void write(LifecycleFilter filter, XmlWriter xml) {
        int predicates = filter.predicates();
        if (predicates == 0) {
            xml.element(LifecycleRuleReader.FILTER, "");
            return;
        }
        xml.open(LifecycleRuleReader.FILTER);
        if (predicates > 1) {
            xml.open(LifecycleRuleReader.AND);
        }
        xml.elementIfPresent(LifecycleRuleReader.PREFIX, filter.prefix());
        filter.tags()
                .forEach((key, value) -> xml.open(LifecycleRuleReader.TAG)
                        .element("Key", key)
                        .element("Value", value)
                        .close(LifecycleRuleReader.TAG));
        if (filter.largerThan() != LifecycleFilter.ANY_SIZE) {
            xml.element(LifecycleRuleReader.LARGER, filter.largerThan());
        }
        if (filter.smallerThan() != LifecycleFilter.ANY_SIZE) {
            xml.element(LifecycleRuleReader.SMALLER, filter.smallerThan());
        }
        if (predicates > 1) {
            xml.close(LifecycleRuleReader.AND);
        }
        xml.close(LifecycleRuleReader.FILTER);
    }

    private static void writeActions(LifecycleRule rule, XmlWriter xml) {
        Expiration expiration = rule.expiration();
        if (expiration != null) {
            xml.open(LifecycleRuleReader.EXPIRATION);
            switch (expiration) {
                case Expiration.AfterDays(int days) -> xml.element(LifecycleRuleReader.DAYS, days);
                case Expiration.OnDate(long millis) -> xml.timestamp(LifecycleRuleReader.DATE, millis);
                case Expiration.LoneMarker(boolean removed) -> xml.element(LifecycleRuleReader.LONE_MARKER, removed);
            }
            xml.close(LifecycleRuleReader.EXPIRATION);
        }
        Noncurrent noncurrent = rule.noncurrent();
        if (noncurrent != null) {
            xml.open(LifecycleRuleReader.NONCURRENT).element(LifecycleRuleReader.NONCURRENT_DAYS, noncurrent.days());
            if (noncurrent.newer() > 0) {
                xml.element(LifecycleRuleReader.NEWER, noncurrent.newer());
            }
            xml.close(LifecycleRuleReader.NONCURRENT);
        }
        if (rule.abortDays() > 0) {
            xml.open(LifecycleRuleReader.ABORT)
                    .element(LifecycleRuleReader.AFTER_INITIATION, rule.abortDays())
                    .close(LifecycleRuleReader.ABORT);
        }
    }
}
