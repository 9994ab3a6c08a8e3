package io.coffer.gateway.s3.header;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of {@code If-Match} or {@code If-None-Match}: {@code *} or a list of entity tags. As S3 does, tags are taken without
 * quotes too.
 *
 * @param any whether it was {@code *}
 */
public record EntityTags(boolean any, List<Tag> tags) {
    /** @param value without quotes */
    public record Tag(boolean weak, String value) {}

    public EntityTags {
        tags = List.copyOf(tags);
    }

    public static EntityTags parse(String header) {
        String text = header.strip();
        if (text.equals("*") || text.equals("\"*\"")) {
            return new EntityTags(true, List.of());
        }
        List<Tag> tags = new ArrayList<>(1);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = text.startsWith("W/", at);
            if (weak) {
                at += 2;
            }
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            int end = text.indexOf(quoted ? '"' : ',', quoted ? at + 1 : at);
            if (end < 0) {
                end = text.length();
            }
            tags.add(new Tag(weak, text.substring(quoted ? at + 1 : at, end).strip()));
            at = end + 1;
        }
        return new EntityTags(false, tags);
    }

    /** For {@code If-Match}: a weak tag never matches. */
    public boolean matchesStrongly(String etag) {
        return any || tags.stream().anyMatch(tag -> !tag.weak() && tag.value().equals(etag));
    }

    /** For {@code If-None-Match}: weakness doesn't count. */
    public boolean matchesWeakly(String etag) {
        return any || tags.stream().anyMatch(tag -> tag.value().equals(etag));
    }

    /** The values, {@code *} for any, of strong tags. */
    public List<String> strongValues() {
        return any
                ? List.of("*")
                : tags.stream().filter(tag -> !tag.weak()).map(Tag::value).toList();
    }
}
