package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The value of {@code x-amz-tagging}: tags as the parameters of a query. */
public final class TaggingHeader {
    public static final String HEADER = "x-amz-tagging";

    private TaggingHeader() {}

    /** The tags that a write gives its object. */
    public static TagSet parse(Headers headers) throws S3Exception {
        String text = headers.first(HEADER);
        if (text == null || text.isEmpty()) {
            return TagSet.EMPTY;
        }
        List<TagSet.Tag> tags = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String key = decode(equals < 0 ? parameter : parameter.substring(0, equals), text);
            String value = equals < 0 ? "" : decode(parameter.substring(equals + 1), text);
            if (!keys.add(key)) {
                throw malformed(text);
            }
            tags.add(new TagSet.Tag(key, value));
        }
        return TagSet.of(TagSet.Kind.OBJECT, tags);
    }

    /** The value that means these tags. */
    public static String format(TagSet tags) {
        return tags.tags().entrySet().stream()
                .map(tag -> Percent.encodePath(tag.getKey()) + '=' + Percent.encodePath(tag.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String decode(String encoded, String whole) throws S3Exception {
        return Percent.decode(encoded.replace("+", "%20")).orElseThrow(() -> malformed(whole));
    }

    private static S3Exception malformed(String text) {
        return new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                                + " tag name duplicates.")
                .with("ArgumentName", HEADER)
                .with("ArgumentValue", text);
    }
}
