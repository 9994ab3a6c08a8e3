package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.MasterKey;
import io.coffer.proto.metadata.KeyMessages;
import io.coffer.proto.metadata.ValueMessages;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Encryption and the key store. Same rules as {@link ValueCodec}. */
public final class EncryptionCodec {
    private EncryptionCodec() {}

    static ValueMessages.Encryption encode(Encryption encryption) {
        return ValueMessages.Encryption.newBuilder()
                .setMethod(encode(encryption.method()))
                .setKey(encryption.key())
                .setContext(encryption.context())
                .setBucketKey(encryption.bucketKey())
                .setKeyCheck(wrap(encryption.keyCheck()))
                .build();
    }

    static Encryption decode(ValueMessages.Encryption m) {
        Encryption.Method method = decode(m.getMethod());
        if (method == null) {
            throw new IllegalArgumentException("encryption without a method");
        }
        return new Encryption(
                method,
                m.getKey(),
                m.getContext(),
                m.getBucketKey(),
                ByteBuffer.wrap(m.getKeyCheck().toByteArray()));
    }

    private static ValueMessages.EncryptionMethod encode(Encryption.@Nullable Method method) {
        return switch (method) {
            case null -> ValueMessages.EncryptionMethod.NO_ENCRYPTION;
            case STORE_KEY -> ValueMessages.EncryptionMethod.STORE_KEY;
            case MANAGED_KEY -> ValueMessages.EncryptionMethod.MANAGED_KEY;
            case CUSTOMER_KEY -> ValueMessages.EncryptionMethod.CUSTOMER_KEY;
        };
    }

    private static Encryption.@Nullable Method decode(ValueMessages.EncryptionMethod m) {
        return switch (m) {
            case NO_ENCRYPTION -> null;
            case STORE_KEY -> Encryption.Method.STORE_KEY;
            case MANAGED_KEY -> Encryption.Method.MANAGED_KEY;
            case CUSTOMER_KEY -> Encryption.Method.CUSTOMER_KEY;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown method of encryption");
        };
    }

    static ValueMessages.BucketEncryption encode(BucketEncryption encryption) {
        return ValueMessages.BucketEncryption.newBuilder()
                .setMethod(encode(encryption.method()))
                .setKey(encryption.key())
                .setBucketKey(encryption.bucketKey())
                .setBlocked(
                        switch (encryption.blocked()) {
                            case NOTHING_SAID -> ValueMessages.BlockedEncryption.NOTHING_SAID;
                            case NOTHING_BLOCKED -> ValueMessages.BlockedEncryption.NOTHING_BLOCKED;
                            case CUSTOMER_KEYS_BLOCKED -> ValueMessages.BlockedEncryption.CUSTOMER_KEYS_BLOCKED;
                        })
                .build();
    }

    static BucketEncryption decode(ValueMessages.BucketEncryption m) {
        return new BucketEncryption(
                decode(m.getMethod()),
                m.getKey(),
                m.getBucketKey(),
                switch (m.getBlocked()) {
                    case NOTHING_SAID -> BucketEncryption.Blocked.NOTHING_SAID;
                    case NOTHING_BLOCKED -> BucketEncryption.Blocked.NOTHING_BLOCKED;
                    case CUSTOMER_KEYS_BLOCKED -> BucketEncryption.Blocked.CUSTOMER_KEYS_BLOCKED;
                    case UNRECOGNIZED -> throw new IllegalArgumentException("unknown blocked encryption");
                });
    }

    /** The key store as the document that it is kept as. */
    public static ByteBuffer encode(List<MasterKey> keys) {
        KeyMessages.KeyStore.Builder m = KeyMessages.KeyStore.newBuilder();
        for (MasterKey key : keys) {
            KeyMessages.MasterKey.Builder one = m.addKeysBuilder()
                    .setId(ValueMessages.Id128.newBuilder()
                            .setHigh(key.id().getMostSignificantBits())
                            .setLow(key.id().getLeastSignificantBits()))
                    .setAccount(ValueCodec.encode(key.account()))
                    .setRegion(key.region())
                    .setDescription(key.description())
                    .setAlias(key.alias())
                    .setDisabled(!key.enabled())
                    .setCreatedMillis(key.createdMillis());
            if (key.neededFrom() > 1) {
                one.setNeededFrom(key.neededFrom());
            }
            for (MasterKey.Version version : key.versions()) {
                one.addVersionsBuilder()
                        .setNumber(version.number())
                        .setCreatedMillis(version.createdMillis())
                        .setRoot(version.root())
                        .setWrapped(wrap(version.wrapped()));
            }
        }
        return m.build().toByteString().asReadOnlyByteBuffer();
    }

    public static List<MasterKey> decodeKeys(ByteBuffer document) {
        return MetadataCodec.parse(KeyMessages.KeyStore.parser(), document).getKeysList().stream()
                .map(EncryptionCodec::decode)
                .toList();
    }

    private static MasterKey decode(KeyMessages.MasterKey m) {
        return new MasterKey(
                new UUID(m.getId().getHigh(), m.getId().getLow()),
                ValueCodec.account(m.getAccount()),
                m.getRegion(),
                m.getDescription(),
                m.getAlias(),
                !m.getDisabled(),
                m.getCreatedMillis(),
                m.getVersionsList().stream()
                        .map(version -> new MasterKey.Version(
                                version.getNumber(),
                                version.getCreatedMillis(),
                                version.getRoot(),
                                ByteBuffer.wrap(version.getWrapped().toByteArray())))
                        .toList(),
                Math.max(1, m.getNeededFrom()));
    }
}
