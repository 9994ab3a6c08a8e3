package io.coffer.common.metadata.remote;

/** What both ends of a metadata connection keep to. */
public final class MetadataGrpcLimits {
    /** The largest request: a completion of 10,000 parts, with room to spare. */
    public static final int REQUEST_BYTES = 4 << 20;

    private MetadataGrpcLimits() {}
}
