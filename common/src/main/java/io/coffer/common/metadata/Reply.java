package io.coffer.common.metadata;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands and queries answer. */
public sealed interface Reply {
    Done DONE = new Done();

    /** Nothing to say. */
    record Done() implements Reply {}

    /** To a heartbeat: what the time of day is for the cluster. */
    record TimeReply(long clusterMillis) implements Reply {}

    record AccountReply(Account account) implements Reply {}

    record AccountsReply(List<Account> accounts) implements Reply {
        public AccountsReply {
            accounts = List.copyOf(accounts);
        }
    }

    record AccessKeyReply(AccessKey key, Account account) implements Reply {}

    record AccessKeysReply(List<AccessKey> keys) implements Reply {
        public AccessKeysReply {
            keys = List.copyOf(keys);
        }
    }

    record BucketReply(Bucket bucket) implements Reply {}

    record BucketsReply(List<Bucket> buckets, boolean truncated) implements Reply {
        public BucketsReply {
            buckets = List.copyOf(buckets);
        }
    }

    record ClusterMapReply(ClusterMap map) implements Reply {}

    record ClusterIdReply(@Nullable ClusterId cluster) implements Reply {}

    record VolumeReply(Volume volume) implements Reply {}

    /** @param volume as it was when the marks were read */
    record MarksReply(long marks, Volume volume) implements Reply {}

    /** @param stale volumes whose members have changed since the write: it doesn't count */
    record BehindReply(List<VolumeId> stale) implements Reply {
        public BehindReply {
            stale = List.copyOf(stale);
        }
    }

    record TokensReply(List<JoinToken> tokens) implements Reply {
        public TokensReply {
            tokens = List.copyOf(tokens);
        }
    }

    /** @param revision from 1; rises with every change */
    record DocumentReply(String name, long revision, ByteBuffer value) implements Reply {
        public DocumentReply {
            value = value.asReadOnlyBuffer();
        }
    }

    /** @param revision of the bucket that brought it */
    record BucketDocumentReply(long revision, ByteBuffer content) implements Reply {
        public BucketDocumentReply {
            content = content.asReadOnlyBuffer();
        }
    }

    record PurgesReply(List<Purge> purges) implements Reply {
        public PurgesReply {
            purges = List.copyOf(purges);
        }
    }

    /**
     * What a step of a purge did.
     *
     * @param versions deleted, delete markers included
     * @param kept locked ones
     * @param last where to go on after; empty when the partition is done
     */
    record PurgedReply(long versions, long bytes, long kept, ByteBuffer last) implements Reply {
        public PurgedReply {
            last = last.asReadOnlyBuffer();
        }
    }

    /**
     * What a renewal of seals did.
     *
     * @param moved runs with an earlier seal that commands have put into another row since the first renewal: whoever goes over all rows,
     *     finds none, and sees this unchanged at the end, knows that there is none
     */
    record SealsReply(int replaced, long moved) implements Reply {}

    /**
     * @param contents of the rows looked at, those whose encryption has a context
     * @param scanned rows looked at
     * @param last where to go on after; empty when that was all
     * @param moved as in {@link SealsReply}
     * @param estimate about how many rows the tables have that hold seals
     */
    record SealsPage(
            List<SealedRow> rows, List<SealedContent> contents, int scanned, ByteBuffer last, long moved, long estimate)
            implements Reply {
        public SealsPage {
            rows = List.copyOf(rows);
            contents = List.copyOf(contents);
            last = last.asReadOnlyBuffer();
        }
    }

    /** A committed version. */
    record PutReply(VersionId version, boolean nullVersion, long modifiedMillis) implements Reply {}

    /**
     * The outcome of one delete.
     *
     * @param refusal null when it was done
     * @param version the version that was deleted or the delete marker that was made; null when neither
     * @param deleteMarker whether a delete marker was made, or the deleted version was one
     */
    record DeleteReply(
            @Nullable Refusal refusal, @Nullable VersionId version, boolean nullVersion, boolean deleteMarker)
            implements Reply {}

    record DeletesReply(List<DeleteReply> replies) implements Reply {
        public DeletesReply {
            replies = List.copyOf(replies);
        }
    }

    record PartReply(long modifiedMillis) implements Reply {}

    /** @param checksum of the whole; null when the upload has none */
    record CompleteReply(
            VersionId version,
            boolean nullVersion,
            String etag,
            long size,
            long modifiedMillis,
            @Nullable StoredChecksum checksum)
            implements Reply {}

    record ReleasedReply(int parts, boolean more) implements Reply {}

    /**
     * A version with runs.
     *
     * @param offset of the first run's first byte inside the object
     * @param length bytes the window resolves to after cutting at the object's end; the runs may cover less of it (see
     *     {@link BucketQuery#MAX_WINDOW}), in which case ReadRuns goes on
     * @param runs in order; empty for an empty window and for a delete marker
     */
    record ObjectReply(ObjectVersion version, long offset, long length, List<DataRun> runs) implements Reply {
        public ObjectReply {
            runs = List.copyOf(runs);
        }
    }

    record RunsReply(List<DataRun> runs) implements Reply {
        public RunsReply {
            runs = List.copyOf(runs);
        }
    }

    /**
     * @param entries objects and common prefixes in one ascending order
     * @param last the last key or prefix returned, to continue after; empty when nothing was
     */
    record ObjectsPage(List<Entry<ObjectVersion>> entries, boolean truncated, String last) implements Reply {
        public ObjectsPage {
            entries = List.copyOf(entries);
        }
    }

    record VersionsPage(List<Entry<ObjectVersion>> entries, boolean truncated) implements Reply {
        public VersionsPage {
            entries = List.copyOf(entries);
        }
    }

    record UploadsPage(List<Entry<Upload>> entries, boolean truncated) implements Reply {
        public UploadsPage {
            entries = List.copyOf(entries);
        }
    }

    record UploadReply(Upload upload) implements Reply {}

    /**
     * @param upload null for the parts of an object
     * @param total number of parts altogether
     */
    record PartsPage(@Nullable Upload upload, List<ObjectPart> parts, boolean truncated, int total) implements Reply {
        public PartsPage {
            parts = List.copyOf(parts);
        }
    }

    record ExtentsReply(List<ExtentId> extents) implements Reply {
        public ExtentsReply {
            extents = List.copyOf(extents);
        }
    }

    record ReclaimReply(List<ExtentSlice> extents) implements Reply {
        public ReclaimReply {
            extents = List.copyOf(extents);
        }
    }

    /** @param bytes of all versions, and of parts of uploads in progress */
    record UsageReply(long objects, long versions, long deleteMarkers, long uploads, long bytes) implements Reply {}

    /** A line of a listing. */
    sealed interface Entry<T> {
        /** Something that is there. */
        record Item<T>(T value) implements Entry<T> {}

        /** A prefix that stands for all its keys. */
        record CommonPrefix<T>(String prefix) implements Entry<T> {}
    }
}
