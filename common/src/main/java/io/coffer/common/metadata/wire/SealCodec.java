package io.coffer.common.metadata.wire;

import static io.coffer.common.metadata.wire.ValueCodec.map;
import static io.coffer.common.metadata.wire.ValueCodec.wrap;

import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery.FindSeals;
import io.coffer.common.metadata.Reply.SealsPage;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedContent;
import io.coffer.common.metadata.SealedRow;
import io.coffer.proto.metadata.CommandMessages;
import io.coffer.proto.metadata.QueryMessages;
import io.coffer.proto.metadata.ReplyMessages;
import io.coffer.proto.metadata.ValueMessages;

/** Looking for seals and replacing them. Same rules as {@link ValueCodec}. */
final class SealCodec {
    private SealCodec() {}

    static CommandMessages.RenewSeals encode(RenewSeals c) {
        return CommandMessages.RenewSeals.newBuilder()
                .setKey(ClusterCodec.encode(c.key()))
                .setBelow(c.below())
                .addAllRenewals(map(c.renewals(), SealCodec::encode))
                .build();
    }

    static RenewSeals decode(CommandMessages.RenewSeals m) {
        return new RenewSeals(ClusterCodec.uuid(m.getKey()), m.getBelow(), map(m.getRenewalsList(), SealCodec::decode));
    }

    private static CommandMessages.SealRenewal encode(SealRenewal renewal) {
        return CommandMessages.SealRenewal.newBuilder()
                .setTable(encode(renewal.table()))
                .setRow(wrap(renewal.row()))
                .addAllSeals(map(
                        renewal.seals(),
                        pair -> CommandMessages.SealPair.newBuilder()
                                .setBefore(wrap(pair.before().bytes()))
                                .setAfter(wrap(pair.after().bytes()))
                                .build()))
                .build();
    }

    private static SealRenewal decode(CommandMessages.SealRenewal m) {
        return new SealRenewal(
                decode(m.getTable()),
                m.getRow().asReadOnlyByteBuffer(),
                map(
                        m.getSealsList(),
                        pair -> new SealRenewal.Pair(
                                ValueCodec.seal(pair.getBefore()), ValueCodec.seal(pair.getAfter()))));
    }

    static QueryMessages.FindSeals encode(FindSeals q) {
        return QueryMessages.FindSeals.newBuilder()
                .setKey(ClusterCodec.encode(q.key()))
                .setBelow(q.below())
                .setTable(encode(q.table()))
                .setPrefix(wrap(q.prefix()))
                .setAfter(wrap(q.after()))
                .setLimit(q.limit())
                .build();
    }

    static FindSeals decode(QueryMessages.FindSeals m) {
        return new FindSeals(
                ClusterCodec.uuid(m.getKey()),
                m.getBelow(),
                decode(m.getTable()),
                m.getPrefix().asReadOnlyByteBuffer(),
                m.getAfter().asReadOnlyByteBuffer(),
                m.getLimit());
    }

    static ReplyMessages.SealsPage encode(SealsPage page) {
        return ReplyMessages.SealsPage.newBuilder()
                .addAllRows(map(page.rows(), SealCodec::encode))
                .addAllContents(map(page.contents(), SealCodec::encode))
                .setScanned(page.scanned())
                .setLast(wrap(page.last()))
                .setMoved(page.moved())
                .setEstimate(page.estimate())
                .build();
    }

    static SealsPage decode(ReplyMessages.SealsPage m) {
        return new SealsPage(
                map(m.getRowsList(), SealCodec::decode),
                map(m.getContentsList(), SealCodec::decode),
                m.getScanned(),
                m.getLast().asReadOnlyByteBuffer(),
                m.getMoved(),
                m.getEstimate());
    }

    private static ReplyMessages.SealedRow encode(SealedRow row) {
        ReplyMessages.SealedRow.Builder m = ReplyMessages.SealedRow.newBuilder()
                .setRow(wrap(row.row()))
                .addAllSeals(map(row.seals(), seal -> wrap(seal.bytes())));
        if (row.encryption() != null) {
            m.setEncryption(EncryptionCodec.encode(row.encryption()));
        }
        return m.build();
    }

    private static SealedRow decode(ReplyMessages.SealedRow m) {
        return new SealedRow(
                m.getRow().asReadOnlyByteBuffer(),
                m.hasEncryption() ? EncryptionCodec.decode(m.getEncryption()) : null,
                map(m.getSealsList(), ValueCodec::seal));
    }

    private static ReplyMessages.SealedContent encode(SealedContent content) {
        ReplyMessages.SealedContent.Builder m = ReplyMessages.SealedContent.newBuilder()
                .setTable(encode(content.table()))
                .setPrefix(wrap(content.prefix()));
        if (content.encryption() != null) {
            m.setEncryption(EncryptionCodec.encode(content.encryption()));
        }
        return m.build();
    }

    private static SealedContent decode(ReplyMessages.SealedContent m) {
        return new SealedContent(
                decode(m.getTable()),
                m.getPrefix().asReadOnlyByteBuffer(),
                m.hasEncryption() ? EncryptionCodec.decode(m.getEncryption()) : null);
    }

    static ValueMessages.SealTable encode(SealTable table) {
        return ValueMessages.SealTable.valueOf(table.name());
    }

    static SealTable decode(ValueMessages.SealTable m) {
        return SealTable.valueOf(m.name());
    }
}
