package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of DeleteObjects: {@code Delete}. */
public record DeleteRequest(List<Item> objects, boolean quiet) {
    /** Objects that one request may name. */
    public static final int MAX_OBJECTS = 1000;

    private static final Set<String> ELEMENTS = Set.of("Object", "Quiet");
    private static final Set<String> ITEM_ELEMENTS = Set.of("Key", "VersionId", "ETag", "LastModifiedTime", "Size");

    public DeleteRequest {
        objects = List.copyOf(objects);
    }

    /**
     * An object to delete; everything but the key may be null.
     *
     * @param etag as it was sent
     * @param lastModifiedTime as it was sent
     * @param size as it was sent
     */
    public record Item(
            String key,
            @Nullable String versionId,
            @Nullable String etag,
            @Nullable String lastModifiedTime,
            @Nullable String size) {}

    public static DeleteRequest parse(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, "Delete").only(ELEMENTS);
        List<XmlElement> found = root.children("Object");
        if (found.isEmpty() || found.size() > MAX_OBJECTS) {
            throw XmlElement.malformed();
        }
        List<Item> items = new ArrayList<>(found.size());
        for (XmlElement element : found) {
            element.only(ITEM_ELEMENTS);
            items.add(new Item(
                    element.requiredTextOf("Key"),
                    emptyIsAbsent(element.textOf("VersionId")),
                    emptyIsAbsent(element.textOf("ETag")),
                    emptyIsAbsent(element.textOf("LastModifiedTime")),
                    emptyIsAbsent(element.textOf("Size"))));
        }
        return new DeleteRequest(items, root.booleanOf("Quiet", false));
    }

    private static @Nullable String emptyIsAbsent(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
