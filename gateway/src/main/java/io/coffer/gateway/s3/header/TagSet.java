package io.coffer.gateway.s3.header;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tags of a bucket or an object, as S3 allows them.
 *
 * @param tags in the order in which they were given
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html">S3: tags</a>
 */
public record TagSet(Map<String, String> tags) {
    public static final TagSet EMPTY = new TagSet(Map.of());

    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_VALUE_LENGTH = 256;
    private static final String RESERVED_PREFIX = "aws:";
    private static final String SPECIAL_CHARACTERS = "+-=._:/@";

    /** What is tagged, which decides how many tags there may be. */
    public enum Kind {
        BUCKET(50, "Bucket tag count cannot be greater than 50"),
        OBJECT(10, "Object tags cannot be greater than 10");

        private final int limit;
        private final String refusal;

        Kind(int limit, String refusal) {
            this.limit = limit;
            this.refusal = refusal;
        }
    }

    /** A tag as a client gave it. */
    public record Tag(String key, String value) {}

    public TagSet {
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** BadRequest for too many, InvalidTag for what S3 doesn't allow. */
    public static TagSet of(Kind kind, List<Tag> given) throws S3Exception {
        if (given.size() > kind.limit) {
            throw new S3Exception(S3Error.BAD_REQUEST, kind.refusal);
        }
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : given) {
            check(tag);
            if (tags.putIfAbsent(tag.key(), tag.value()) != null) {
                throw invalid("Cannot provide multiple Tags with the same key", tag.key());
            }
        }
        return new TagSet(tags);
    }

    private static void check(Tag tag) throws S3Exception {
        if (tag.key().isEmpty() || !isAllowed(tag.key(), MAX_KEY_LENGTH)) {
            throw invalid("The TagKey you have provided is invalid", tag.key());
        }
        if (!isAllowed(tag.value(), MAX_VALUE_LENGTH)) {
            throw new S3Exception(S3Error.INVALID_TAG, "The TagValue you have provided is invalid")
                    .with("TagKey", tag.key())
                    .with("TagValue", tag.value());
        }
        if (tag.key().toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
            throw invalid("System tags cannot be added/updated by requester", tag.key());
        }
    }

    private static S3Exception invalid(String message, String key) {
        return new S3Exception(S3Error.INVALID_TAG, message).with("TagKey", key);
    }

    /** Letters, digits and white space of any script, and some special characters; counted in UTF-16. */
    private static boolean isAllowed(String text, int maxLength) {
        return text.length() <= maxLength
                && text.codePoints()
                        .allMatch(c -> Character.isLetterOrDigit(c)
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || Character.getType(c) == Character.NON_SPACING_MARK
                                || Character.getType(c) == Character.COMBINING_SPACING_MARK
                                || SPECIAL_CHARACTERS.indexOf(c) >= 0);
    }
}
