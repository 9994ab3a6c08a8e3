package io.coffer.metaserver.model;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.Reply;

/**
 * A completed upload: where its parts lie in the whole, who uses them, and what its completion answered, to be answered again.
 *
 * @param references versions that consist of it, removed ones that readers may still use included
 */
public record StoredAssembly(
        long references, PartLayout layout, BucketId bucket, String key, Reply.CompleteReply completion) {
    public StoredAssembly {
        if (references < 0) {
            throw new IllegalArgumentException("an assembly with " + references + " references");
        }
    }

    public StoredAssembly withReferences(long newReferences) {
        return new StoredAssembly(newReferences, layout, bucket, key, completion);
    }
}
