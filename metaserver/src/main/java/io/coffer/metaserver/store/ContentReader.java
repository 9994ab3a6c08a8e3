package io.coffer.metaserver.store;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.DataRun;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.InvariantViolation;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Finds the runs of a window of a version's bytes. */
public final class ContentReader {
    private final Reader reader;
    private final List<DataRun> found = new ArrayList<>();

    /** Bytes still to be skipped, and to be taken, from the next run on. */
    private long skip;

    private long take;

    private final Bounds bounds;
    private long inline;
    private boolean full;

    /**
     * How much to find at once: a window may be of many small runs.
     *
     * @param runs at most
     * @param inlineBytes at most, unless the first run alone has more
     */
    public record Bounds(int runs, long inlineBytes) {}

    private ContentReader(Reader reader, long offset, long length, Bounds bounds) {
        this.reader = reader;
        this.bounds = bounds;
        skip = offset;
        take = length;
    }

    /** The runs of {@code length} bytes from {@code offset}, which the content has, or the first of them. */
    public static List<DataRun> read(Reader reader, Content content, long offset, long length, Bounds bounds) {
        ContentReader window = new ContentReader(reader, offset, length, bounds);
        if (length > 0) {
            window.add(content);
            if (window.take > 0 && !window.full) {
                throw new InvariantViolation("content ends " + window.take + " bytes before its size");
            }
        }
        return window.found;
    }

    /** The layout of an assembled version. */
    public static StoredAssembly assembly(Reader reader, UploadId upload) {
        StoredAssembly assembly = reader.get(Tables.ASSEMBLIES, Keys.assembly(upload));
        if (assembly == null) {
            throw new InvariantViolation("assembly " + upload + " is missing");
        }
        return assembly;
    }

    /** Bytes of the whole. */
    public static long length(Reader reader, Content content) {
        return switch (content) {
            case Content.Runs runs -> runs.length();
            case Content.Assembly assembly ->
                assembly(reader, assembly.upload()).layout().size();
            case Content.Chain chain -> chain.length();
        };
    }

    private void add(Content content) {
        switch (content) {
            case Content.Runs runs -> add(runs);
            case Content.Assembly assembly -> add(assembly.upload());
            case Content.Chain chain -> add(chain);
        }
    }

    private void add(Content.Chain chain) {
        try (Rows<StoredPiece> pieces =
                reader.scan(Tables.PIECES, Keys.piece(chain.id(), skip + 1), Keys.successor(Keys.number(chain.id())))) {
            if (pieces.valid()) {
                skip -= pieces.value().offset();
            }
            for (; isOpen() && pieces.valid(); pieces.next()) {
                add(pieces.value().content());
            }
        }
    }

    private boolean isOpen() {
        return take > 0 && !full;
    }

    private void add(UploadId upload) {
        PartLayout.Placed first = assembly(reader, upload).layout().at(skip);
        skip -= first.offset();
        try (Rows<StoredPart> parts = reader.scanPrefix(Tables.PARTS, Keys.assembly(upload))) {
            parts.seek(Keys.part(upload, first.number()));
            for (; isOpen() && parts.valid(); parts.next()) {
                add(parts.value().content());
            }
        }
    }

    private void add(Content.Runs content) {
        for (StoredRun run : content.runs()) {
            if (!isOpen()) {
                return;
            }
            if (skip >= run.length()) {
                skip -= run.length();
                continue;
            }
            long length = Math.min(take, run.length() - skip);
            inline += run instanceof StoredRun.InlineRow row ? row.seal().isNone() ? length : row.rowSize() : 0;
            if (found.size() == bounds.runs() || !found.isEmpty() && inline > bounds.inlineBytes()) {
                full = true;
                return;
            }
            found.add(cut(run, length));
            take -= length;
            skip = 0;
        }
    }

    private DataRun cut(StoredRun run, long length) {
        return switch (run) {
            case StoredRun.InExtent extent ->
                new DataRun.ExtentRun(extent.slice().cut(skip, length));
            case StoredRun.InlineRow row -> {
                ByteBuffer bytes = reader.get(Tables.INLINE, Keys.number(row.id()));
                if (bytes == null || bytes.remaining() != row.rowSize()) {
                    throw new InvariantViolation("inline row " + row.id() + " is missing or of another size");
                }
                yield row.seal().isNone()
                        ? new DataRun.InlineRun(bytes.slice(bytes.position() + (int) skip, (int) length))
                        : new DataRun.InlineRun(bytes, row.offset() + (int) skip, (int) length, row.seal());
            }
        };
    }
}
