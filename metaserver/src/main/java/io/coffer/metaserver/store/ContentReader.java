package io.coffer.metaserver.store;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.DataRun;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.InvariantViolation;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredPart;
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

    private ContentReader(Reader reader, long offset, long length) {
        this.reader = reader;
        skip = offset;
        take = length;
    }

    /** The runs of {@code length} bytes from {@code offset}, which the content has. */
    public static List<DataRun> read(Reader reader, Content content, long offset, long length) {
        ContentReader window = new ContentReader(reader, offset, length);
        if (length > 0) {
            switch (content) {
                case Content.Runs runs -> window.add(runs);
                case Content.Assembly assembly -> window.add(assembly.upload());
            }
            if (window.take > 0) {
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

    private void add(UploadId upload) {
        PartLayout.Placed first = assembly(reader, upload).layout().at(skip);
        skip -= first.offset();
        try (Rows<StoredPart> parts = reader.scanPrefix(Tables.PARTS, Keys.assembly(upload))) {
            parts.seek(Keys.part(upload, first.number()));
            for (; take > 0 && parts.valid(); parts.next()) {
                add(parts.value().content());
            }
        }
    }

    private void add(Content.Runs content) {
        for (StoredRun run : content.runs()) {
            if (take == 0) {
                return;
            }
            if (skip >= run.length()) {
                skip -= run.length();
                continue;
            }
            long length = Math.min(take, run.length() - skip);
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
                if (bytes == null || bytes.remaining() != row.size()) {
                    throw new InvariantViolation("inline row " + row.id() + " is missing or of another size");
                }
                yield new DataRun.InlineRun(bytes.slice(bytes.position() + (int) skip, (int) length));
            }
        };
    }
}
