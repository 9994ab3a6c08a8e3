package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of ComposeObject: {@code ComposeRequest}, with a {@code Component} for each object, in order. */
public record ComposeRequest(List<Component> components) {
    /** Objects that one request may name. */
    public static final int MAX_COMPONENTS = 1000;

    private static final Set<String> ELEMENTS = Set.of("Component");
    private static final Set<String> COMPONENT_ELEMENTS = Set.of("Name", "VersionId", "ETag");

    public ComposeRequest {
        components = List.copyOf(components);
    }

    /**
     * An object of the same bucket.
     *
     * @param name its key
     * @param versionId as it was sent; null for the current version
     * @param etag that it must have, as it was sent; null for any
     */
    public record Component(
            String name,
            @Nullable String versionId,
            @Nullable String etag) {}

    public static ComposeRequest parse(ByteBuffer document) throws S3Exception {
        List<XmlElement> found =
                XmlElement.parse(document, "ComposeRequest").only(ELEMENTS).children("Component");
        if (found.isEmpty() || found.size() > MAX_COMPONENTS) {
            throw XmlElement.malformed();
        }
        List<Component> components = new ArrayList<>(found.size());
        for (XmlElement element : found) {
            element.only(COMPONENT_ELEMENTS);
            components.add(
                    new Component(element.requiredTextOf("Name"), element.textOf("VersionId"), element.textOf("ETag")));
        }
        return new ComposeRequest(components);
    }
}
