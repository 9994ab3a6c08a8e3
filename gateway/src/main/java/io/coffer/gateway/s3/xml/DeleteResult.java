package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of DeleteObjects. */
public record DeleteResult(List<Outcome> outcomes) {
    private static final int BYTES_PER_OUTCOME = 160;
    private static final int BYTES_AROUND = 256;

    public DeleteResult {
        outcomes = List.copyOf(outcomes);
    }

    /** What became of one object. */
    public sealed interface Outcome {
        /**
         * It is deleted.
         *
         * @param versionId the version that was asked for; null for none
         * @param deleteMarker whether a marker was made or deleted
         * @param deleteMarkerVersionId of that marker
         */
        record Deleted(
                String key,
                @Nullable String versionId,
                boolean deleteMarker,
                @Nullable String deleteMarkerVersionId) implements Outcome {}

        /** It isn't. */
        record Failed(String key, @Nullable String versionId, String code, String message) implements Outcome {}
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter(BYTES_AROUND + BYTES_PER_OUTCOME * outcomes.size());
        xml.root("DeleteResult");
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Deleted deleted -> deleted(xml, deleted);
                case Outcome.Failed failed ->
                    xml.open("Error")
                            .element("Key", failed.key())
                            .elementIfPresent("VersionId", failed.versionId())
                            .element("Code", failed.code())
                            .element("Message", failed.message())
                            .close("Error");
            }
        }
        return xml.close("DeleteResult").document();
    }

    private static void deleted(XmlWriter xml, Outcome.Deleted deleted) {
        xml.open("Deleted").element("Key", deleted.key()).elementIfPresent("VersionId", deleted.versionId());
        if (deleted.deleteMarker()) {
            xml.element("DeleteMarker", true)
                    .elementIfPresent("DeleteMarkerVersionId", deleted.deleteMarkerVersionId());
        }
        xml.close("Deleted");
    }
}
