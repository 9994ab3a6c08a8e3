package io.coffer.common.metadata;

import io.coffer.common.id.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No answer from metadata. A command's outcome is unknown; repeat it with the same request id. */
public final class MetadataUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why there is none. */
    public enum Reason {
        /** No leader answered in time, or it couldn't. */
        NO_ANSWER,
        /** The server asked doesn't lead the group, or no longer. */
        NOT_LEADER,
        /** The server asked has no member of the group: this attempt has no outcome. */
        NOT_HERE,
        /** Too much is under way: this attempt was turned away and has no outcome. */
        OVERLOADED
    }

    private final Reason reason;
    private final @Nullable NodeId leader;

    /** {@link Reason#NO_ANSWER}. */
    public MetadataUnavailableException(String message, @Nullable Throwable cause) {
        this(Reason.NO_ANSWER, null, message, cause);
    }

    private MetadataUnavailableException(
            Reason reason, @Nullable NodeId leader, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.leader = leader;
    }

    public static MetadataUnavailableException overloaded(String message) {
        return new MetadataUnavailableException(Reason.OVERLOADED, null, message, null);
    }

    /** @param leader who may lead; null if that is not known */
    public static MetadataUnavailableException notLeader(String message, @Nullable NodeId leader) {
        return new MetadataUnavailableException(Reason.NOT_LEADER, leader, message, null);
    }

    public static MetadataUnavailableException notHere(String message) {
        return new MetadataUnavailableException(Reason.NOT_HERE, null, message, null);
    }

    public Reason reason() {
        return reason;
    }

    /** Who may lead the group, where the server asked doesn't. */
    public Optional<NodeId> leader() {
        return Optional.ofNullable(leader);
    }
}
