package io.coffer.common.chunk.wire;

import org.jspecify.annotations.Nullable;

/** What a frame is. See docs/protocol/chunk-transport.md: codes are for ever. */
public enum FrameType {
    HELLO(1, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    WELCOME(2, Sender.SERVER, Bounds.SMALL_HEAD, 0),
    PING(3, Sender.CLIENT, 0, 0),
    PONG(4, Sender.SERVER, 0, 0),
    CREATE(5, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    OPENED(6, Sender.SERVER, 0, 0),
    DATA(7, Sender.CLIENT, 0, Bounds.BODY),
    CREDIT(8, Sender.SERVER, Bounds.SMALL_HEAD, 0),
    COMMIT(9, Sender.CLIENT, Bounds.COMMIT_HEAD, 0),
    CANCEL(10, Sender.CLIENT, 0, 0),
    READ(11, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    READ_DATA(12, Sender.SERVER, Bounds.SMALL_HEAD, Bounds.BODY),
    DELETE(13, Sender.CLIENT, Bounds.DELETE_HEAD, 0),
    LIST(14, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    HAS(15, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    DISKS(16, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    FENCE(17, Sender.CLIENT, Bounds.SMALL_HEAD, 0),
    ANSWER(18, Sender.SERVER, Bounds.ANSWER_HEAD, 0),
    FAILED(19, Sender.SERVER, Bounds.COMMIT_HEAD, 0),
    LOCATE(20, Sender.CLIENT, Bounds.SMALL_HEAD, 0);

    /** The longest body, in bytes; a body of a read ends at such a border of its chunk. */
    public static final int MAX_BODY_BYTES = Bounds.BODY;

    private static final FrameType[] BY_CODE = byCode();

    private final int code;
    private final Sender sender;
    private final int maxHeadBytes;
    private final int maxBodyBytes;

    /** Which side sends it. */
    public enum Sender {
        CLIENT,
        SERVER
    }

    /** In bytes. */
    private static final class Bounds {
        static final int SMALL_HEAD = 4 << 10;

        /** The checksums of a chunk of the greatest length are 4 KiB. */
        static final int COMMIT_HEAD = 8 << 10;

        /** 1000 chunks. */
        static final int DELETE_HEAD = 128 << 10;

        /** A list of 10,000. */
        static final int ANSWER_HEAD = 2 << 20;

        static final int BODY = 256 << 10;
    }

    FrameType(int code, Sender sender, int maxHeadBytes, int maxBodyBytes) {
        this.code = code;
        this.sender = sender;
        this.maxHeadBytes = maxHeadBytes;
        this.maxBodyBytes = maxBodyBytes;
    }

    private static FrameType[] byCode() {
        FrameType[] types = new FrameType[values().length + 1];
        for (FrameType type : values()) {
            types[type.code] = type;
        }
        return types;
    }

    int code() {
        return code;
    }

    Sender sender() {
        return sender;
    }

    int maxHeadBytes() {
        return maxHeadBytes;
    }

    int maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Null if there is none. */
    static @Nullable FrameType of(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
