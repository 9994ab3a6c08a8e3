package io.coffer.metaserver.model;

/**
 * A key of the key store of whose earlier versions no seal comes in any more.
 *
 * @param below the first version whose seals may
 * @param moved runs with an earlier one that commands have put into another row since
 */
public record StoredFence(int below, long moved) {
    public static final StoredFence NONE = new StoredFence(0, 0);
}
