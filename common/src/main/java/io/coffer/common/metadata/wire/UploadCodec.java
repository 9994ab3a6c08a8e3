package io.coffer.common.metadata.wire;

import io.coffer.common.metadata.BucketCommand.CreateUpload;
import io.coffer.common.metadata.Upload;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Multipart uploads in progress, and the command that begins one. An initiator who will own the object isn't written. */
final class UploadCodec {
    private UploadCodec() {}

    static ValueMessages.Upload encode(Upload upload) {
        ValueMessages.Upload.Builder m = ValueMessages.Upload.newBuilder()
                .setKey(upload.key())
                .setId(ValueCodec.encode(upload.id()))
                .setOwner(ValueCodec.encode(upload.owner()))
                .setInitiatedMillis(upload.initiatedMillis())
                .setAttributes(ValueCodec.encode(upload.attributes()))
                .setChecksumAlgorithm(ValueCodec.encode(upload.checksumAlgorithm()))
                .setChecksumType(ValueCodec.encode(upload.checksumType()));
        if (!upload.initiator().equals(upload.owner())) {
            m.setInitiator(ValueCodec.encode(upload.initiator()));
        }
        return m.build();
    }

    static Upload decode(ValueMessages.Upload m) {
        return new Upload(
                m.getKey(),
                ValueCodec.upload(m.getId()),
                ValueCodec.account(m.getOwner()),
                ValueCodec.account(m.hasInitiator() ? m.getInitiator() : m.getOwner()),
                m.getInitiatedMillis(),
                ValueCodec.decode(m.getAttributes()),
                ValueCodec.decode(m.getChecksumAlgorithm()),
                ValueCodec.decode(m.getChecksumType()));
    }

    static CommandMessages.CreateUpload encode(CreateUpload c) {
        CommandMessages.CreateUpload.Builder m = CommandMessages.CreateUpload.newBuilder()
                .setPartition(ValueCodec.encode(c.partition()))
                .setKey(c.key())
                .setUpload(ValueCodec.encode(c.upload()))
                .setOwner(ValueCodec.encode(c.owner()))
                .setAttributes(ValueCodec.encode(c.attributes()))
                .setChecksumAlgorithm(ValueCodec.encode(c.checksumAlgorithm()))
                .setChecksumType(ValueCodec.encode(c.checksumType()));
        if (!c.initiator().equals(c.owner())) {
            m.setInitiator(ValueCodec.encode(c.initiator()));
        }
        return m.build();
    }

    static CreateUpload decode(CommandMessages.CreateUpload m) {
        return new CreateUpload(
                ValueCodec.decode(m.getPartition()),
                m.getKey(),
                ValueCodec.upload(m.getUpload()),
                ValueCodec.account(m.getOwner()),
                ValueCodec.account(m.hasInitiator() ? m.getInitiator() : m.getOwner()),
                ValueCodec.decode(m.getAttributes()),
                ValueCodec.decode(m.getChecksumAlgorithm()),
                ValueCodec.decode(m.getChecksumType()));
    }
}
