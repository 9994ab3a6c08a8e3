package io.coffer.common.metadata.remote;

/** What both ends of a metadata connection keep to. */
public final class MetadataGrpcLimits {
    /** The largest request: a completion of 10,000 parts, with room to spare. */
    public static final int REQUEST_BYTES = 4 << 20;

    /** The largest answer: a cluster map of some 200,000 volumes; larger ones are watched, not asked for. */
    public static final int ANSWER_BYTES = 64 << 20;

    /** What a message has around a request or an answer. */
    public static final int ENVELOPE_BYTES = 64 << 10;

    private MetadataGrpcLimits() {}
}
