package io.coffer.metaserver.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.proto.metadata.RowMessages;
import io.coffer.proto.metadata.ValueMessages;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of versions, and what they share with rows of parts. */
final class VersionRows {
    private static final String STORAGE_CLASS = "x-amz-storage-class";
    private static final int MD5_BYTES = 16;
    private static final int MD5_DIGITS = 2 * MD5_BYTES;
    private static final HexFormat HEX = HexFormat.of();

    /** All of a version. */
    static final Table.Codec<StoredVersion> FULL = new Table.Codec<>() {
        @Override
        public byte[] encode(StoredVersion version) {
            return VersionRows.encode(version);
        }

        @Override
        public StoredVersion decode(byte[] bytes) {
            RowMessages.VersionRow row = parse(bytes);
            return VersionRows.decode(row, attributes(row), content(row));
        }
    };

    /** What listings show of a version: of its attributes the storage class, of its content nothing. */
    static final View.Decoder<StoredVersion> SUMMARY = bytes -> {
        RowMessages.VersionRow row = parse(bytes);
        return VersionRows.decode(row, storageClass(row), Content.EMPTY);
    };

    /** All that is known of a version but where its bytes are. */
    static final View.Decoder<StoredVersion> HEAD = bytes -> {
        RowMessages.VersionRow row = parse(bytes);
        return VersionRows.decode(row, attributes(row), Content.EMPTY);
    };

    private VersionRows() {}

    private static RowMessages.VersionRow parse(byte[] bytes) {
        try {
            return RowMessages.VersionRow.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a version", e);
        }
    }

    private static byte[] encode(StoredVersion version) {
        RowMessages.VersionRow.Builder row = RowMessages.VersionRow.newBuilder()
                .setSequence(version.sequence())
                .setNullVersion(version.nullVersion())
                .setDeleteMarker(version.deleteMarker())
                .setOwner(ValueCodec.encode(version.owner()))
                .setSize(version.size())
                .setParts(version.parts());
        String base = baseEtag(version.etag(), version.parts());
        if (base != null) {
            row.setEtag(hex(base));
        } else {
            row.setEtagText(version.etag());
        }
        if (version.checksum() != null) {
            row.setChecksum(encode(version.checksum()));
        }
        encodeAttributes(version.attributes(), row);
        switch (version.content()) {
            case Content.Assembly assembly -> row.setAssembly(ValueCodec.encode(assembly.upload()));
            case Content.Chain chain -> row.setChain(encode(chain));
            case Content.Runs(List<StoredRun> runs) -> {
                if (runs.size() == 1
                        && runs.getFirst() instanceof StoredRun.InlineRow inline
                        && inline.seal().isNone()
                        && inline.size() == version.size()) {
                    row.setInlineId(inline.id());
                } else {
                    row.addAllRuns(encode(runs));
                }
            }
        }
        return row.build().toByteArray();
    }

    private static StoredVersion decode(RowMessages.VersionRow row, ObjectAttributes attributes, Content content) {
        return new StoredVersion(
                row.getSequence(),
                row.getNullVersion(),
                row.getDeleteMarker(),
                Owners.of(row.getOwner()),
                etag(row),
                row.getSize(),
                row.getParts(),
                row.hasChecksum() ? decode(row.getChecksum()) : null,
                attributes,
                content);
    }

    /** The hexadecimal part of an ETag as S3 makes them; null for any other. */
    private static @Nullable String baseEtag(String etag, int parts) {
        if (parts != 0) {
            String suffix = "-" + parts;
            return etag.length() == MD5_DIGITS + suffix.length() && etag.endsWith(suffix) && isHex(etag)
                    ? etag.substring(0, MD5_DIGITS)
                    : null;
        }
        return etag.length() == MD5_DIGITS && isHex(etag) ? etag : null;
    }

    private static boolean isHex(String etag) {
        for (int i = 0; i < MD5_DIGITS; i++) {
            char c = etag.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static String etag(RowMessages.VersionRow row) {
        if (row.getEtag().isEmpty()) {
            return row.getEtagText();
        }
        String base = hex(row.getEtag());
        return row.getParts() == 0 ? base : base + "-" + row.getParts();
    }

    static ByteString hex(String digits) {
        return UnsafeByteOperations.unsafeWrap(HEX.parseHex(digits));
    }

    static String hex(ByteString bytes) {
        return HEX.formatHex(bytes.toByteArray());
    }

    private static void encodeAttributes(ObjectAttributes attributes, RowMessages.VersionRow.Builder row) {
        String storageClass = attributes.headers().get(STORAGE_CLASS);
        ObjectAttributes rest = attributes;
        if (storageClass != null) {
            row.setStorageClass(storageClass);
            Map<String, String> headers = new HashMap<>(attributes.headers());
            headers.remove(STORAGE_CLASS);
            rest = attributes.withHeaders(headers);
        }
        if (!rest.equals(ObjectAttributes.EMPTY)) {
            row.setAttributes(ValueCodec.encode(rest).toByteString());
        }
    }

    private static ObjectAttributes attributes(RowMessages.VersionRow row) {
        if (row.getAttributes().isEmpty()) {
            return storageClass(row);
        }
        ObjectAttributes rest = decodeAttributes(row.getAttributes());
        if (row.getStorageClass().isEmpty()) {
            return rest;
        }
        Map<String, String> headers = new HashMap<>(rest.headers());
        headers.put(STORAGE_CLASS, row.getStorageClass());
        return rest.withHeaders(headers);
    }

    private static ObjectAttributes storageClass(RowMessages.VersionRow row) {
        return row.getStorageClass().isEmpty()
                ? ObjectAttributes.EMPTY
                : new ObjectAttributes(Map.of(STORAGE_CLASS, row.getStorageClass()), Map.of());
    }

    static ObjectAttributes decodeAttributes(ByteString bytes) {
        try {
            return ValueCodec.decode(ValueMessages.Attributes.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not attributes", e);
        }
    }

    private static Content content(RowMessages.VersionRow row) {
        if (row.hasAssembly()) {
            return new Content.Assembly(ValueCodec.upload(row.getAssembly()));
        }
        if (row.hasChain()) {
            return decode(row.getChain());
        }
        if (row.getInlineId() != 0) {
            return new Content.Runs(
                    List.of(new StoredRun.InlineRow(row.getInlineId(), Math.toIntExact(row.getSize()))));
        }
        return row.getRunsCount() == 0 ? Content.EMPTY : new Content.Runs(decode(row.getRunsList()));
    }

    static RowMessages.Chain encode(Content.Chain chain) {
        return RowMessages.Chain.newBuilder()
                .setId(chain.id())
                .setLength(chain.length())
                .setParts(chain.parts())
                .build();
    }

    static Content.Chain decode(RowMessages.Chain row) {
        return new Content.Chain(row.getId(), row.getLength(), row.getParts());
    }

    static List<RowMessages.Run> encode(List<StoredRun> runs) {
        List<RowMessages.Run> rows = new ArrayList<>(runs.size());
        for (StoredRun run : runs) {
            RowMessages.Run.Builder row = RowMessages.Run.newBuilder();
            switch (run) {
                case StoredRun.InExtent extent -> row.setExtent(ValueCodec.encode(extent.slice()));
                case StoredRun.InlineRow(long id, int rowSize, int offset, int size, Seal seal) -> {
                    row.setInlineId(id).setInlineLength(size);
                    if (!seal.isNone()) {
                        row.setInlineSeal(ValueCodec.wrap(seal.bytes()))
                                .setInlineOffset(offset)
                                .setInlineRowLength(rowSize);
                    }
                }
            }
            rows.add(row.build());
        }
        return rows;
    }

    static List<StoredRun> decode(List<RowMessages.Run> rows) {
        List<StoredRun> runs = new ArrayList<>(rows.size());
        for (RowMessages.Run row : rows) {
            runs.add(row.hasExtent() ? new StoredRun.InExtent(ValueCodec.decode(row.getExtent())) : inline(row));
        }
        return runs;
    }

    private static StoredRun inline(RowMessages.Run row) {
        return row.getInlineSeal().isEmpty()
                ? new StoredRun.InlineRow(row.getInlineId(), row.getInlineLength())
                : new StoredRun.InlineRow(
                        row.getInlineId(),
                        row.getInlineRowLength(),
                        row.getInlineOffset(),
                        row.getInlineLength(),
                        ValueCodec.seal(row.getInlineSeal()));
    }

    static RowMessages.RawChecksum encode(StoredChecksum checksum) {
        return RowMessages.RawChecksum.newBuilder()
                .setAlgorithm(ValueCodec.encode(checksum.algorithm()))
                .setType(ValueCodec.encode(checksum.type()))
                .setValue(UnsafeByteOperations.unsafeWrap(Base64.getDecoder().decode(checksum.value())))
                .build();
    }

    static StoredChecksum decode(RowMessages.RawChecksum row) {
        ChecksumAlgorithm algorithm = ValueCodec.decode(row.getAlgorithm());
        StoredChecksum.Type type = ValueCodec.decode(row.getType());
        if (algorithm == null || type == null) {
            throw new IllegalArgumentException("a checksum without algorithm or type");
        }
        return new StoredChecksum(
                algorithm,
                type,
                Base64.getEncoder().encodeToString(row.getValue().toByteArray()));
    }

    /** Owners of rows: nearly always the same one, so the last is kept instead of being made for every row. */
    private static final class Owners {
        private record Known(long number, AccountId account) {}

        private static volatile Known last = new Known(0, ValueCodec.account(0));

        static AccountId of(long number) {
            Known known = last;
            if (known.number() != number) {
                known = new Known(number, ValueCodec.account(number));
                last = known;
            }
            return known.account();
        }
    }
}
