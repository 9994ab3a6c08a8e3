package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.account;
import static io.coffer.common.metadata.wire.ValueCodec.map;

import io.coffer.common.metadata.BucketCommand.AppendObject;
import io.coffer.proto.metadata.CommandMessages;

/** Commands that make versions out of the bytes of others. Same rules as {@link ValueCodec}. */
final class ExtentCommandCodec {
    private ExtentCommandCodec() {}

    static CommandMessages.AppendObject encode(AppendObject c) {
        CommandMessages.AppendObject.Builder m = CommandMessages.AppendObject.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setOwner(ValueCodec.encode(c.owner()))
                .setEtag(c.etag())
                .setSize(c.size())
                .addAllChecksums(map(c.checksums(), ValueCodec::encode))
                .setStrict(c.strict())
                .setAttributes(ValueCodec.encode(c.attributes()))
                .setPayload(ValueCodec.encode(c.payload()))
                .setCondition(ValueCodec.encode(c.condition()))
                .setVersioning(ValueCodec.encode(c.versioning()));
        if (c.offset() >= 0) {
            m.setOffset(c.offset());
        }
        return m.build();
    }

    static AppendObject decode(CommandMessages.AppendObject m) {
        return new AppendObject(
                ValueCodec.decode(m.getPartition()),
                m.getKey(),
                account(m.getOwner()),
                m.getEtag(),
                m.getSize(),
                map(m.getChecksumsList(), ValueCodec::decode),
                m.getStrict(),
                ValueCodec.decode(m.getAttributes()),
                ValueCodec.decode(m.getPayload()),
                ValueCodec.decode(m.getCondition()),
                ValueCodec.decode(m.getVersioning()),
                m.hasOffset() ? m.getOffset() : -1);
    }
}
