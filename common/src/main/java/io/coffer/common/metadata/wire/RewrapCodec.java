package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.GroupRewrap;
import io.coffer.common.metadata.KeyRewrap;
import io.coffer.proto.metadata.KeyMessages;
import java.nio.ByteBuffer;
import java.util.List;

/** The document of keys whose data keys are wrapped anew. Same rules as {@link ValueCodec}. */
public final class RewrapCodec {
    private RewrapCodec() {}

    public static ByteBuffer encode(List<KeyRewrap> rewraps) {
        return KeyMessages.KeyRewraps.newBuilder()
                .addAllRewraps(map(rewraps, RewrapCodec::encode))
                .build()
                .toByteString()
                .asReadOnlyByteBuffer();
    }

    public static List<KeyRewrap> decode(ByteBuffer document) {
        return map(
                MetadataCodec.parse(KeyMessages.KeyRewraps.parser(), document).getRewrapsList(), RewrapCodec::decode);
    }

    private static KeyMessages.KeyRewrap encode(KeyRewrap rewrap) {
        KeyMessages.KeyRewrap.Builder m = KeyMessages.KeyRewrap.newBuilder()
                .setKey(ClusterCodec.encode(rewrap.key()))
                .setBelow(rewrap.below())
                .setState(KeyMessages.RewrapState.valueOf(rewrap.state().name()))
                .setReason(rewrap.reason())
                .setBegunMillis(rewrap.begunMillis())
                .setChangedMillis(rewrap.changedMillis())
                .setRenewed(rewrap.renewed())
                .addAllGroups(map(rewrap.groups(), RewrapCodec::encode))
                .setBeats(rewrap.beats());
        if (rewrap.driver() != null) {
            m.setDriver(ClusterCodec.encode(rewrap.driver()));
        }
        return m.build();
    }

    private static KeyRewrap decode(KeyMessages.KeyRewrap m) {
        return new KeyRewrap(
                ClusterCodec.uuid(m.getKey()),
                m.getBelow(),
                KeyRewrap.State.valueOf(m.getState().name()),
                m.getReason(),
                m.getBegunMillis(),
                m.getChangedMillis(),
                m.getRenewed(),
                map(m.getGroupsList(), RewrapCodec::decode),
                m.hasDriver() ? ClusterCodec.uuid(m.getDriver()) : null,
                m.getBeats());
    }

    private static KeyMessages.GroupRewrap encode(GroupRewrap group) {
        return KeyMessages.GroupRewrap.newBuilder()
                .setGroup(group.group().value())
                .setPass(group.pass())
                .setMoved(group.moved())
                .setTable(SealCodec.encode(group.table()))
                .setAfter(wrap(group.after()))
                .setScanned(group.scanned())
                .setRows(group.rows())
                .setFound(group.found())
                .setLeft(group.left())
                .setFruitless(group.fruitless())
                .setClean(group.clean())
                .build();
    }

    private static GroupRewrap decode(KeyMessages.GroupRewrap m) {
        return new GroupRewrap(
                new GroupId(m.getGroup()),
                m.getPass(),
                m.getMoved(),
                SealCodec.decode(m.getTable()),
                ByteBuffer.wrap(m.getAfter().toByteArray()),
                m.getScanned(),
                m.getRows(),
                m.getFound(),
                m.getLeft(),
                m.getFruitless(),
                m.getClean());
    }
}
