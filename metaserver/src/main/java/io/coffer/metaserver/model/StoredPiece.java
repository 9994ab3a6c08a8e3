package io.coffer.metaserver.model;

/**
 * A piece of a chain.
 *
 * @param offset of its first byte in the chain
 * @param content runs or an assembly, of at least one byte
 * @param references versions that end with it, removed ones that readers may still use included
 */
public record StoredPiece(long offset, Content content, long references) {
    public StoredPiece {
        if (offset < 0 || references < 0 || content instanceof Content.Chain || content.equals(Content.EMPTY)) {
            throw new IllegalArgumentException("a piece at " + offset + " with " + references + " references");
        }
    }

    public StoredPiece withContent(Content now) {
        return new StoredPiece(offset, now, references);
    }

    public StoredPiece withReferences(long now) {
        return new StoredPiece(offset, content, now);
    }
}
