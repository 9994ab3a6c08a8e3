package io.coffer.metaserver.background;

import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand.AbortUpload;
import io.coffer.common.metadata.BucketCommand.DeleteObjects;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.ListUploads;
import io.coffer.common.metadata.BucketQuery.ListVersions;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.DeleteReply;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionSelector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One walk over a partition with a bucket's rules: all versions, then all uploads. What goes is removed by the commands that clients use, on
 * the condition that it still is what was seen, so that a step whose outcome is unknown is simply done again, and what was written
 * meanwhile stays. Used by one thread.
 */
final class LifecycleScan {
    private final Calls calls;
    private final Bucket bucket;
    private final Partition partition;
    private final PartitionRef ref;
    private final LifecycleRules rules;
    private final LifecycleDay day;
    private final LifecycleTally tally;
    private final VersionJudge judge;
    private final String prefix;

    /** What goes of the page that was read last. */
    private final Deque<LifecycleRemoval> removals = new ArrayDeque<>();

    private final Deque<Upload> aborts = new ArrayDeque<>();
    private boolean versionsDone;
    private boolean uploadsDone;
    private @Nullable ObjectVersion lastVersion;
    private @Nullable Upload lastUpload;

    LifecycleScan(
            Calls calls,
            Bucket bucket,
            Partition partition,
            LifecycleRules rules,
            LifecycleDay day,
            LifecycleTally tally) {
        this.calls = calls;
        this.bucket = bucket;
        this.partition = partition;
        this.rules = rules;
        this.day = day;
        this.tally = tally;
        ref = new PartitionRef(bucket.id(), partition.id(), partition.epoch());
        judge = new VersionJudge(rules, day, removals::add);
        prefix = rules.commonPrefix();
        versionsDone = !rules.concernsVersions();
        uploadsDone = !rules.concernsUploads();
    }

    /** Whether it has still to read a page, for which the rules should still hold. */
    boolean readsNext() {
        return removals.isEmpty() && aborts.isEmpty();
    }

    /** Removes some of what was found, or reads the next page. DONE at the end. */
    Step.Progress step() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!removals.isEmpty()) {
            remove();
        } else if (!aborts.isEmpty()) {
            abort();
        } else if (!versionsDone) {
            readVersions();
        } else if (!uploadsDone) {
            readUploads();
        }
        return readsNext() && versionsDone && uploadsDone ? Step.Progress.DONE : Step.Progress.MORE;
    }

    private void readVersions() throws MetadataUnavailableException, RefusedException, InterruptedException {
        ObjectVersion last = lastVersion;
        Reply.VersionsPage page = calls.ask(
                partition.group(),
                new ListVersions(
                        ref,
                        prefix,
                        "",
                        last == null ? "" : last.key(),
                        last == null ? null : new VersionSelector.Exact(last.version()),
                        BucketQuery.MAX_PAGE,
                        true));
        long now = calls.now();
        for (Entry<ObjectVersion> entry : page.entries()) {
            if (entry instanceof Entry.Item<ObjectVersion>(ObjectVersion version)) {
                judge.show(version, now);
                lastVersion = version;
            }
        }
        tally.looked(page.entries().size());
        if (!page.truncated()) {
            judge.end(now);
            versionsDone = true;
        }
    }

    private void readUploads() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Upload last = lastUpload;
        Reply.UploadsPage page = calls.ask(
                partition.group(),
                new ListUploads(
                        ref,
                        prefix,
                        "",
                        last == null ? "" : last.key(),
                        last == null ? null : last.id(),
                        BucketQuery.MAX_PAGE));
        long now = calls.now();
        for (Entry<Upload> entry : page.entries()) {
            if (entry instanceof Entry.Item<Upload>(Upload upload)) {
                lastUpload = upload;
                LifecycleRules.Due due = rules.abort(upload.key(), upload.initiatedMillis(), day);
                if (due != null && due.millis() <= now) {
                    aborts.add(upload);
                }
            }
        }
        tally.looked(page.entries().size());
        uploadsDone = !page.truncated();
    }

    private void remove() throws MetadataUnavailableException, RefusedException, InterruptedException {
        List<LifecycleRemoval> some =
                removals.stream().limit(Limits.REMOVED_PER_STEP).toList();
        List<DeleteReply> replies = calls.tell(
                        partition.group(),
                        new DeleteObjects(
                                ref,
                                some.stream().map(LifecycleRemoval::target).toList(),
                                bucket.versioning(),
                                bucket.owner()))
                .replies();
        for (int i = 0; i < some.size(); i++) {
            removals.remove();
            if (replies.get(i).refusal() == null) {
                tally.removed(some.get(i).kind());
            } else {
                tally.kept();
            }
        }
    }

    /** One command each, which carry the upload's key; together they take no longer than the removals of a step. */
    private void abort() throws MetadataUnavailableException, RefusedException, InterruptedException {
        List<Upload> some =
                new ArrayList<>(aborts.stream().limit(Limits.ABORTED_PER_STEP).toList());
        for (Upload upload : some) {
            try {
                calls.tell(partition.group(), new AbortUpload(ref, upload.key(), upload.id()));
                tally.aborted();
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.NO_SUCH_UPLOAD) {
                    throw e;
                }
                tally.kept();
            }
            aborts.remove();
        }
    }
}
