package io.coffer.common.chunk;

import io.coffer.common.id.ExtentId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some chunks of a volume. A page may be short, even empty, before the end: a store looks at so many chunks of other volumes and no more.
 *
 * @param next the list goes on behind it; null if there is no more
 */
public record ChunkPage(
        List<ChunkDescriptor> chunks, @Nullable ExtentId next) {
    public ChunkPage {
        chunks = List.copyOf(chunks);
    }
}
