package io.coffer.metaserver.background;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery.GetBucketDocument;
import io.coffer.common.metadata.SystemQuery.ListBuckets;
import io.coffer.common.metadata.wire.LifecycleCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the lifecycle rules of buckets to the partitions of the groups that this server leads: each once a day, behind the midnight at
 * which days end, and when its bucket's rules change. What was done is known to this process alone. Who leads a group next begins
 * anew and finds what is left; two that both believe to lead do no harm either, as every removal is on condition. Used by one
 * thread.
 */
final class LifecycleEngine implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleEngine.class);

    private final Calls calls;
    private final Groups groups;
    private final LifecyclePace pace;
    private final LifecycleTally tally;

    /** Taken in turn, so that a small bucket doesn't wait for a large one. */
    private final Deque<Active> active = new ArrayDeque<>();

    /** Partitions of the last page of buckets, to be scanned. */
    private final Deque<Candidate> candidates = new ArrayDeque<>();

    /** The last scan of partitions that was finished, the latest last. */
    private final Map<PartitionId, Pass> passes = new LinkedHashMap<>();

    private String after = "";

    /** Whether every bucket was looked at, and when. */
    private boolean listed;

    private long listedMillis;

    private record Candidate(Bucket bucket, Partition partition) {}

    /** @param day that it began in */
    private record Pass(long revision, long day) {}

    private record Active(Candidate of, LifecycleScan scan, Pass pass, long sinceMillis) {}

    LifecycleEngine(Calls calls, Groups groups, LifecyclePace pace, LifecycleTally tally) {
        this.calls = calls;
        this.groups = groups;
        this.pace = pace;
        this.tally = tally;
    }

    /** A step of one scan, or a look for further ones. */
    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (active.size() < Limits.LIFECYCLE_SCANS) {
            look();
        }
        Active next = active.poll();
        if (next != null) {
            try {
                proceed(next);
            } catch (MetadataUnavailableException | InterruptedException e) {
                // It goes on where it was.
                active.addFirst(next);
                throw e;
            }
        }
        tally.underWay(active.size());
        if (active.isEmpty() && candidates.isEmpty() && listed) {
            listed = false;
            return Progress.DONE;
        }
        return Progress.MORE;
    }

    private void look() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Candidate candidate = candidates.peek();
        if (candidate != null) {
            begin(candidate);
            candidates.remove();
        } else if (!listed
                || Math.abs(calls.now() - listedMillis) >= pace.look().toMillis()) {
            list();
        }
    }

    private void list() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Reply.BucketsReply page =
                calls.ask(GroupId.SYSTEM, new ListBuckets(null, "", after, "", Limits.BUCKETS_PER_STEP));
        for (Bucket bucket : page.buckets()) {
            long revision = bucket.settings().revisionOf(DocumentKind.LIFECYCLE);
            if (revision == 0 || bucket.state() != Bucket.State.ACTIVE) {
                continue;
            }
            Pass pass = new Pass(revision, today());
            for (Partition partition : bucket.partitions()) {
                if (groups.leads(partition.group())
                        && !pass.equals(passes.get(partition.id()))
                        && active.stream()
                                .noneMatch(scan -> scan.of().partition().id().equals(partition.id()))) {
                    candidates.add(new Candidate(bucket, partition));
                }
            }
        }
        boolean more = page.truncated() && !page.buckets().isEmpty();
        after = more ? page.buckets().getLast().name() : "";
        listed = !more;
        listedMillis = calls.now();
    }

    private long today() {
        return pace.day().of(calls.now());
    }

    private void begin(Candidate candidate)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        long now = calls.now();
        Optional<Reply.BucketDocumentReply> document =
                document(candidate.bucket().id());
        if (document.isEmpty() || !groups.leads(candidate.partition().group())) {
            return;
        }
        Pass pass = new Pass(document.get().revision(), pace.day().of(now));
        LifecycleRules rules;
        try {
            rules = LifecycleCodec.decode(document.get().content());
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "the lifecycle rules of bucket {} can't be read, and aren't applied",
                    candidate.bucket().name(),
                    e);
            remember(candidate.partition().id(), pass);
            return;
        }
        LifecycleScan scan =
                new LifecycleScan(calls, candidate.bucket(), candidate.partition(), rules, pace.day(), tally);
        active.add(new Active(candidate, scan, pass, now));
    }

    private Optional<Reply.BucketDocumentReply> document(BucketId bucket)
            throws MetadataUnavailableException, InterruptedException {
        try {
            return Optional.of(calls.ask(GroupId.SYSTEM, new GetBucketDocument(bucket, DocumentKind.LIFECYCLE)));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private void proceed(Active current) throws MetadataUnavailableException, InterruptedException {
        if (!groups.leads(current.of().partition().group()) || current.scan().readsNext() && isOutdated(current)) {
            return;
        }
        try {
            if (current.scan().step() == Progress.MORE) {
                active.addLast(current);
            } else {
                finish(current);
            }
        } catch (RefusedException e) {
            // The partition is somewhere else, or gone with its bucket: the next look sees it as it is.
            LOG.debug(
                    "bucket {} isn't scanned to its end: {}",
                    current.of().bucket().name(),
                    e.getMessage());
        }
    }

    /** Whether its rules don't hold any more: they are asked for again with every page. */
    private boolean isOutdated(Active current) throws MetadataUnavailableException, InterruptedException {
        return document(current.of().bucket().id())
                .filter(document -> document.revision() == current.pass().revision())
                .isEmpty();
    }

    private void finish(Active done) {
        tally.scanned(Math.max(0, calls.now() - done.sinceMillis()));
        remember(done.of().partition().id(), done.pass());
    }

    private void remember(PartitionId partition, Pass pass) {
        passes.remove(partition);
        passes.put(partition, pass);
        if (passes.size() > Limits.LIFECYCLE_PASSES) {
            // One that is scanned again the same day finds nothing to do.
            passes.remove(passes.keySet().iterator().next());
        }
    }
}
